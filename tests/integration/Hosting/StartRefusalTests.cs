using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hosting;

/// <summary>What the server cannot work with it refuses at its start, in a sentence that says what to do.</summary>
public sealed class StartRefusalTests
{
    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    public async Task Start_AddressThatOthersReach_IsRefused(string urls)
    {
        using var folder = new TemporaryFolder();

        string output = await RefusedAsync(folder, "--urls", urls);

        output.ShouldContain("loopback");
        output.ShouldContain("credentials");
    }

    [Fact]
    public async Task Start_BadConfiguration_IsRefusedWithAllFaultsNamed()
    {
        using var folder = new TemporaryFolder();

        string output = await RefusedAsync(
            folder,
            "--PublicUrl=ftp://example.com",
            "--Polling:Allowance=0",
            "--Proxies:Trusted:0=nonsense",
            "--Cors:Origins:0=example.com/path",
            "--Retention:AfterEnd=-00:00:01",
            "--Storage:Provider=oracle",
            "--Execution:Workers=0",
            "--Operations:demo.steps:Retries=-1",
            "--Operations:csv.profile:Timeout=-00:00:01");

        foreach (string named in (string[])["PublicUrl", "Allowance", "Proxies:Trusted", "Cors:Origins", "AfterEnd", "Provider", "Workers", "Retries", "Timeout"])
        {
            output.ShouldContain(named);
        }
    }

    [Fact]
    public async Task Start_FaultyCredentials_IsRefusedWithAllFaultsNamed_AndNoSecretRepeated()
    {
        using var folder = new TemporaryFolder();

        string output = await RefusedAsync(
            folder,
            "--Security:ApiKeys:0:Name=ci",
            "--Security:ApiKeys:0:Sha256=planted-digest",
            "--Security:ApiKeys:0:Scopes:0=everything",
            "--Security:ApiKeys:1:Name=CI",
            "--Security:ApiKeys:1:Sha256=" + new string('a', 64),
            "--Security:ApiKeys:2:Sha256=" + new string('A', 64),
            "--Security:ApiKeys:2:Scopes:0=admin",
            "--Security:ApiKeys:2:Types:0=demo.steps",
            "--Security:Jwt:Authority=http://issuer.example",
            "--Security:Jwt:SigningKeys:0=planted-short",
            "--Security:LinkKey=planted-link");

        foreach (string named in (string[])
            ["ApiKeys:0:Sha256", "'everything'", "ApiKeys:1:Scopes", "'ci' twice", "same Sha256", "ApiKeys:2:Name", "ApiKeys:2:Types", "Jwt:Authority", "Jwt:Audience", "SigningKeys:0", "LinkKey"])
        {
            output.ShouldContain(named);
        }

        output.ShouldNotContain("planted");
    }

    [Fact]
    public async Task Start_WithCredentials_ListensWhereOthersReachIt()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(
            folder.Path, ["--urls", "http://*:0", "--Security:ApiKeys:0:Name=ci", "--Security:ApiKeys:0:Sha256=" + new string('a', 64), "--Security:ApiKeys:0:Scopes:0=read"]);

        server.Output.ShouldContain("[::]");
    }

    [Theory]
    [InlineData("--Polling:Window=soon", "Polling:Window")]
    [InlineData("--Polling:Mode=sometimes", "Polling:Mode")]
    [InlineData("--Limits:JsonBody=1MB", "Limits:JsonBody")]
    [InlineData("--Operations:demo.steps:RetryDelays:0=fast", "RetryDelays")]
    [InlineData("--Execution:Lease=x", "Execution:Lease")]
    public async Task Start_SettingThatCannotBeRead_IsRefusedAndNamed(string setting, string named)
    {
        using var folder = new TemporaryFolder();

        (await RefusedAsync(folder, setting)).ShouldContain(named);
    }

    [Fact]
    public async Task Start_UnknownKeysAndUnreadableValues_AreNamedInOneMessage_WithWhatWasMeant()
    {
        using var folder = new TemporaryFolder();

        string output = await RefusedAsync(
            folder,
            "--Limits:JsonBdy=planted-1",
            "--Limits:JsonBody=planted-2",
            "--Polling:Allowance=0",
            "--Polling:Window=30",
            "--Log:Format=xml",
            "--Serilog:MinimumLevel:Override:RealtimeOps=Debgu",
            "--Operations:demo.step:Retries=1",
            "--Operations:demo.steps:Retires=1",
            "--Operations:demo.steps:Retries=-1",
            "--Execution:Worker=4",
            "--Webhooks:AllowedTargets=planted-3",
            "--Security:ApiKeys:0:Scope=read");

        foreach (string fault in (string[])
        [
            "Limits:JsonBdy is unknown; did you mean Limits:JsonBody?",
            "Limits:JsonBody must be a whole number, from 1 to 268435456.",
            "Polling:Allowance must be a whole number, from 1 to 1000000.",
            "Polling:Window must be a time span such as 00:00:05 or 1.00:00:00, from 00:00:01 to 01:00:00; 30 is 30 days.",
            "Operations:demo.steps:Retries must be a whole number, from 0 to 1000.",
            "Log:Format must be one of text, json.",
            "Serilog cannot be set up: ",
            "Operations:demo.step is unknown; did you mean Operations:demo.steps?",
            "Operations:demo.steps:Retires is unknown; did you mean Operations:demo.steps:Retries?",
            "Execution:Worker is unknown; did you mean Execution:Workers?",
            "Webhooks:AllowedTargets is a list: write Webhooks:AllowedTargets:0",
            "Security:ApiKeys:0:Scope is unknown; did you mean Security:ApiKeys:0:Scopes?",
        ])
        {
            output.ShouldContain(fault);
        }

        output.Split("The configuration has faults").Length.ShouldBe(2);
        output.ShouldNotContain("planted");
        output.ShouldNotContain("The field");
    }

    [Fact]
    public async Task Start_KeysOfOthersAtTheRoot_AreNobodysBusiness()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, ["--Dat:Pth=x", "--Streams=x", "--Limit=1", "--Kestrel:AddServerHeader=false"]);

        (await server.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Start_NamesInAnyCase_AreUnderstood()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, ["--Engine=InProcess", "--Storage:Provider=SQLite", "--Log:Format=Text", "--Polling:Mode=STRICT"]);

        (await server.StopAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("--Storage:Provider=oracle", "this program has 'sqlite'")]
    [InlineData("--Storage:Provider=postgres", "ConnectionStrings:RealtimeOps is missing")]
#if !USE_HANGFIRE
    [InlineData("--Storage:Provider=sqlserver", "build it with UseHangfire=true")]
#endif
    public async Task Start_StoreThatIsNotThere_IsRefused(string setting, string reason)
    {
        using var folder = new TemporaryFolder();

        (await RefusedAsync(folder, setting)).ShouldContain(reason);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Prot=1", "no connection string of PostgreSQL")]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Database=y;Timeout=2", "127.0.0.1:1/y")]
    public async Task Start_DatabaseThatCannotBeReached_IsRefusedAfterAWhile(string connection, string reason)
    {
        using var folder = new TemporaryFolder();

        (await RefusedAsync(folder, "--Storage:Provider=postgres", "--ConnectionStrings:RealtimeOps=" + connection)).ShouldContain(reason);
    }

    [Fact]
    public async Task Start_PortInUse_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using GatewayServer other = await GatewayServer.StartAsync();

        (await RefusedAsync(folder, "--urls", other.Client.Address.AbsoluteUri)).ShouldContain("--urls");
    }

    [Fact]
    public async Task Start_DamagedDatabase_IsRefusedAndLeftAsItIs()
    {
        using var folder = new TemporaryFolder();
        await using (ServerProcess server = await ServerProcess.StartAsync(folder.Path))
        {
            await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
            (await server.StopAsync()).ShouldBe(0);
        }

        string file = Database.File(folder.Path);
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes.AsSpan(4096, Math.Min(bytes.Length - 4096, 40_000)).Fill(0x5A);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        string output = await RefusedAsync(folder);

        output.ShouldContain("damaged");
        output.ShouldContain("backup");
        (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ShouldBe(bytes);
    }

    [Fact]
    public async Task Start_FileThatIsNoDatabase_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Database.File(folder.Path), new string('x', 10_000), TestContext.Current.CancellationToken);

        (await RefusedAsync(folder)).ShouldContain("damaged");
    }

    [Fact]
    public async Task Start_NewerDatabase_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using (ServerProcess server = await ServerProcess.StartAsync(folder.Path))
        {
            await server.StopAsync();
        }

        Database.Run(folder.Path, "PRAGMA user_version = 999");

        string output = await RefusedAsync(folder);

        output.ShouldContain("999");
        output.ShouldContain("newer", Case.Insensitive);
    }

    [Fact]
    public async Task Start_FolderInUse_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess first = await ServerProcess.StartAsync(folder.Path);

        (await RefusedAsync(folder)).ShouldContain("in use by another server");

        (await first.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Number("status").ShouldBe(0);
    }

    [Fact]
    public async Task Start_DataPathIsAFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Combine("file");
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);

        (int code, string output) = await ServerProcess.RunToExitAsync(path);

        code.ShouldBe(1);
        output.ShouldContain("Data:Path");
    }

    private static async Task<string> RefusedAsync(TemporaryFolder folder, params string[] arguments)
    {
        (int code, string output) = await ServerProcess.RunToExitAsync(folder.Path, arguments);
        code.ShouldBe(1, output);
        output.ShouldContain("The server cannot start.");
        output.ShouldNotContain("   at ");
        return output;
    }
}
