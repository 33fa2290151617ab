using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.CommandLine;

/// <summary><c>rtops</c> as scripts and people use it: what it writes, and how it ends.</summary>
public sealed class CommandLineTests(CommandLineServer server) : IClassFixture<CommandLineServer>
{
    private const string Quick = """{"steps":1,"stepMs":0,"message":"Done.","result":{"answer":42}}""";
    private const string Failing = """{"steps":2,"stepMs":0,"failAt":1,"failStatus":7,"message":"Broken."}""";
    private const string Endless = """{"steps":600,"stepMs":1000}""";

    [Fact]
    public async Task SubmitWatchResult_InAScript_GoFromHandToHand()
    {
        Rtops.Ended submitted = await RunAsync("submit", "demo.steps", "--input", Quick, "--tag", "team=maps", "--tag", "year=2026");
        string uri = submitted.Lines.ShouldHaveSingleItem();
        submitted.Code.ShouldBe(0);

        Rtops.Ended watched = await RunAsync("watch", uri);
        Rtops.Ended result = await RunAsync("result", uri);

        watched.Code.ShouldBe(0);
        watched.Lines.ShouldAllBe(line => line.Split('\t').Length >= 3 && line.Contains(uri));
        watched.Lines[^1].ShouldBe($"100 %\tsucceeded\t{uri}\tDone.");
        watched.Output.ShouldNotContain("\u001b", Case.Sensitive, "No colours where nobody looks.");
        result.Output.ShouldBe("""{"answer":42}""");
        (await server.Client.GetAsync(uri)).Json.GetProperty("tags").Text("year").ShouldBe("2026");
    }

    [Theory]
    [InlineData("--wait")]
    [InlineData("--watch")]
    public async Task Submit_WaitingForAFailure_Is1(string way)
    {
        Rtops.Ended ended = await RunAsync("submit", "demo.steps", "--input", Failing, way, "--json");

        ended.Code.ShouldBe(1);
        JsonElement final = JsonDocument.Parse(ended.Lines[^1]).RootElement;
        final.Number("status").ShouldBe(7);
        final.Text("message").ShouldBe("Broken.");
        Rtops.Ended result = await RunAsync("result", final.Text("uri")!);
        result.Code.ShouldBe(1);
        result.Errors.ShouldContain("Broken.");
    }

    [Fact]
    public async Task Watch_Several_EndsWithTheLastAndIs1WhenOneFailed()
    {
        string good = (await RunAsync("submit", "demo.steps", "--input", Quick)).Lines[0];
        string bad = (await RunAsync("submit", "demo.steps", "--input", Failing)).Lines[0];

        Rtops.Ended watched = await RunAsync("watch", good, new Uri(bad).AbsolutePath["/operations/".Length..], "--json");

        watched.Code.ShouldBe(1);
        watched.Lines.Select(line => JsonDocument.Parse(line).RootElement).Where(status => status.Number("progress") == 100).Select(status => status.Text("uri")).ShouldBe([good, bad], ignoreOrder: true);
    }

    [Fact]
    public async Task Watch_Interrupted_LeavesTheOperationRunningAndSaysSo()
    {
        string uri = (await RunAsync("submit", "demo.steps", "--input", Endless)).Lines[0];
        using Rtops watch = Rtops.Start(server.Client.Address, "watch", uri);
        (await watch.ReadLineAsync()).ShouldContain(uri);
        (await watch.ReadLineAsync()).ShouldContain(uri, Case.Sensitive, "Each change has a line.");

        watch.Interrupt();

        Rtops.Ended ended = await watch.EndAsync();
        ended.Code.ShouldBe(130);
        ended.Errors.ShouldContain("goes on");
        ended.Errors.ShouldContain("rtops watch " + uri);
        (await server.Client.GetAsync(uri)).ShouldBe(202);
        (await RunAsync("cancel", uri)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Submit_Refused_Is3AndListsTheFaults()
    {
        Rtops.Ended ended = await RunAsync("submit", "demo.steps", "--input", """{"steps":-1,"stepMs":"x"}""");

        ended.Code.ShouldBe(3);
        ended.Output.ShouldBeEmpty();
        ended.Errors.ShouldContain("/steps ");
        ended.Errors.ShouldContain("/stepMs ");
        ended.Errors.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("result", "demo.steps/none")]
    [InlineData("cancel", "demo.steps/none")]
    [InlineData("watch", "demo.steps/none")]
    [InlineData("submit", "no.such.type")]
    [InlineData("tail", "--type", "no.such.type")]
    public async Task AnyCommand_RefusedByTheServer_Is3(params string[] arguments) => (await RunAsync(arguments)).Code.ShouldBe(3);

    [Theory]
    [InlineData]
    [InlineData("submit")]
    [InlineData("submit", "demo.steps", "--delay", "soon")]
    [InlineData("submit", "demo.steps", "--tag", "novalue")]
    [InlineData("submit", "demo.steps", "--input", "{}", "--file", "x.json")]
    [InlineData("submit", "demo.steps", "--file", "/no/such/file")]
    [InlineData("submit", "demo.steps", "--id", "a/b")]
    [InlineData("list", "--state", "asleep")]
    [InlineData("list", "--server", "ftp://example.org")]
    [InlineData("watch", "http://example.org/operations/x/y", "--key", "secret")]
    public async Task AnyCommand_WrongUsage_Is2(params string[] arguments)
    {
        Rtops.Ended ended = await RunAsync(arguments);

        ended.Code.ShouldBe(2, ended.Errors);
        ended.Errors.ShouldNotBeNullOrWhiteSpace();
        ended.Errors.ShouldNotContain("   at ");
        ended.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("list")]
    [InlineData("submit", "demo.steps", "--patience", "0s")]
    [InlineData("watch", "demo.steps/x", "--patience", "0s")]
    public async Task AnyCommand_NobodyThere_Is4(params string[] arguments)
    {
        Rtops.Ended ended = await RunAsync([.. arguments, "--server", "http://127.0.0.1:1"]);

        ended.Code.ShouldBe(4, ended.Errors);
        ended.Errors.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task Result_ToAFile_IsWholeOrNotThere()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Combine("result.json");
        string uri = JsonDocument.Parse((await RunAsync("submit", "demo.steps", "--input", Quick, "--wait", "--json")).Lines[0]).RootElement.Text("uri")!;

        (await RunAsync("result", uri, "-o", file)).Code.ShouldBe(0);
        (await RunAsync("result", "demo.steps/none", "-o", folder.Combine("none"))).Code.ShouldBe(3);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("""{"answer":42}""");
        Directory.GetFiles(folder.Path).ShouldBe([file]);
    }

    [Fact]
    public async Task Submit_StandardInput_IsStreamed()
    {
        using Rtops submit = Rtops.Start(server.Client.Address, "submit", "csv.profile", "--file", "-", "--media-type", "text/csv", "--wait");

        await submit.WriteAsync("a,b\n1,2\n3,4\n");

        Rtops.Ended ended = await submit.EndAsync();
        ended.Code.ShouldBe(0, ended.Errors);
        ended.Output.ShouldContain("2 rows");
    }

    [Fact]
    public async Task Tail_WithJson_TellsWhatTheHubTells()
    {
        using Rtops tail = Rtops.Start(server.Client.Address, "tail", "--json", "--tag", "tailed=yes");
        JsonElement ready = JsonDocument.Parse(await tail.ReadLineAsync()).RootElement;
        ready.GetProperty("ready").GetBoolean().ShouldBeTrue();
        ready.Text("position").ShouldNotBeNull();

        string uri = (await RunAsync("submit", "demo.steps", "--input", Quick, "--tag", "tailed=yes")).Lines[0];

        JsonElement told;
        do
        {
            told = JsonDocument.Parse(await tail.ReadLineAsync()).RootElement.GetProperty("status");
            told.Text("uri").ShouldBe(uri);
        }
        while (told.Number("progress") < 100);

        tail.Interrupt();
        (await tail.EndAsync()).Code.ShouldBe(130);
    }

    [Fact]
    public async Task List_Filtered_IsNewestFirstAndBounded()
    {
        string[] uris = new string[3];
        for (int i = 0; i < uris.Length; i++)
        {
            uris[i] = (await RunAsync("submit", "demo.steps", "--input", Quick, "--tag", "listed=yes", "--wait")).Lines[0].Split('\t')[2];
        }

        Rtops.Ended listed = await RunAsync("list", "--type", "demo.steps", "--state", "succeeded", "--tag", "listed=yes", "--limit", "2");

        listed.Code.ShouldBe(0);
        listed.Lines.Select(line => line.Split('\t')[2]).ShouldBe([uris[2], uris[1]]);
    }

    /// <summary>What a person sees, on a terminal that <c>script</c> pretends to be.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("NO_COLOR=1 ", false)]
    public async Task Watch_OnATerminal_DrawsBars(string environment, bool colors)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script (package bsdutils) is missing.");
        string uri = (await RunAsync("submit", "demo.steps", "--input", """{"steps":5,"stepMs":100}""")).Lines[0];

        string drawn = await Shell.RunAsync($"{environment}TERM=xterm-256color script -qec \"dotnet exec '{Repository.CommandLine}' watch {uri}\" /dev/null");

        drawn.ShouldContain("100%");
        drawn.ShouldContain("succeeded");
        drawn.Contains("\u001b[38;5;", StringComparison.Ordinal).ShouldBe(colors);
    }

    private Task<Rtops.Ended> RunAsync(params string[] arguments) => Rtops.RunAsync(server.Client.Address, arguments);
}
