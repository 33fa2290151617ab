using RealtimeOps.E2ETests.Support;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>The TypeScript client's own tests, so that they count here too.</summary>
public sealed class WebClientTests(ITestOutputHelper output)
{
    /// <summary>It compiles them first.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(110);

    [Fact(Timeout = 120_000)]
    public async Task Client_ItsOwnTests_Pass()
    {
        Node.Require();
        output.WriteLine(await Shell.RunAsync("npm test --silent --prefix src/Web", Limit));
    }
}
