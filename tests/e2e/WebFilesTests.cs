using System.Text.RegularExpressions;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>The browser side as the server hands it out.</summary>
public sealed partial class WebFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Modules_AskedFor_AreFreshAndTheirChunksAreKept()
    {
        Repository.RequireWeb();
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _folder.Path);

        foreach (string path in new[] { "/operation-progress.js", "/realtimeops-client.js" })
        {
            Answer module = await server.Client.GetAsync(path);
            ShouldBePublicCode(module, "no-cache");
            (await server.Client.GetAsync(path, ("If-None-Match", module["ETag"]!))).ShouldBe(304);
            string[] chunks = [.. Chunk().Matches(module.Text).Select(chunk => "/" + chunk.Value).Distinct(StringComparer.Ordinal)];
            chunks.Length.ShouldBe(2, "SignalR and the sharing of tabs are loaded when they are used.");
            foreach (string chunk in chunks)
            {
                ShouldBePublicCode(await server.Client.GetAsync(chunk), "public, max-age=31536000, immutable");
            }
        }

        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Pages_AnyAddressOfTheUi_AreTheSameFreshPageForThisOriginOnly()
    {
        Repository.RequireWeb();
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _folder.Path);

        Answer page = await server.Client.GetAsync("/");

        page.ShouldBe(200);
        foreach (string path in new[] { "/ui", "/ui/submit", "/ui/operations/csv.profile/cities.csv" })
        {
            (await server.Client.GetAsync(path)).Text.ShouldBe(page.Text);
        }

        page["Content-Type"].ShouldBe("text/html");
        page["Cache-Control"].ShouldBe("no-cache");
        page["X-Content-Type-Options"].ShouldBe("nosniff");
        page["Access-Control-Allow-Origin"].ShouldBeNullOrEmpty();
        (await server.Client.GetAsync("/", ("If-None-Match", page["ETag"]!))).ShouldBe(304);
        page.Text.ShouldNotMatch("<style|<script>|style=|onload=", "The content security policy allows nothing inline.");
        string[] files = [.. Asset().Matches(page.Text).Select(file => file.Value).Distinct(StringComparer.Ordinal)];
        files.Length.ShouldBeGreaterThan(1);
        foreach (string file in files)
        {
            (await server.Client.GetAsync(file)).ShouldBe(200)["Cache-Control"].ShouldBe("public, max-age=31536000, immutable");
        }

        (await server.Client.GetAsync("/no-such-page")).ShouldBe(404);
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Modules_BuiltWithoutNode_AreAnswered404WithTheReason()
    {
        string program = _folder.Combine("program");
        await Shell.RunAsync($"cp -r '{Path.GetDirectoryName(Repository.Server)}' '{program}' && rm -rf '{program}/wwwroot'");
        await using GatewayProcess server = await GatewayProcess.StartAsync(Path.Combine(program, Path.GetFileName(Repository.Server)), _folder.Combine("data"));

        Answer answer = await server.Client.GetAsync("/operation-progress.js");

        answer.ShouldBeProblem(404, "not-found").Json.Text("detail")!.ShouldContain("Node.js");
        (await server.Client.GetAsync("/")).ShouldBeProblem(404, "not-found").Json.Text("detail")!.ShouldContain("Node.js");
        await server.StopAsync();
    }

    private static void ShouldBePublicCode(Answer answer, string caching)
    {
        answer.ShouldBe(200);
        answer["Content-Type"].ShouldBe("text/javascript");
        answer["Cache-Control"].ShouldBe(caching);
        answer["ETag"].ShouldNotBeNullOrEmpty();
        answer["Access-Control-Allow-Origin"].ShouldBe("*");
        answer["Cross-Origin-Resource-Policy"].ShouldBe("cross-origin");
        answer["X-Content-Type-Options"].ShouldBe("nosniff");
        answer["Referrer-Policy"].ShouldBe("no-referrer");
        answer["Server"].ShouldBeNull();
    }

    [GeneratedRegex(@"assets/[\w-]+\.js", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Chunk();

    [GeneratedRegex(@"/assets/[\w.-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Asset();
}
