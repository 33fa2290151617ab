using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>Which cases are made: those of REALTIMEOPS_FUZZ_SEED, a number; all of them, or that of REALTIMEOPS_FUZZ_CASE alone.</summary>
internal static class FuzzSettings
{
    private const int DefaultSeed = 20_260_101;
    private const int ShownFaults = 20;

    public static int Seed => Number("REALTIMEOPS_FUZZ_SEED") ?? DefaultSeed;

    public static int[] Cases(int count) => Number("REALTIMEOPS_FUZZ_CASE") is { } only ? [only] : [.. Enumerable.Range(0, count)];

    /// <summary>Fails with how to see them again.</summary>
    public static void ShouldBeNone(ConcurrentQueue<string> faults)
    {
        if (!faults.IsEmpty)
        {
            Assert.Fail($"REALTIMEOPS_FUZZ_SEED={Seed}: {faults.Count} faults, such as\n" + string.Join('\n', faults.Take(ShownFaults)));
        }
    }

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}
