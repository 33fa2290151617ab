using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>Tests that keep the machine busy, or measure it: beside others they would only measure each other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
