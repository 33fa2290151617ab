using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

public sealed class AuthenticationTests
{
    private static Keys Anna => new Keys().With("anna", "submit read manage");

    [Fact]
    public async Task Request_WithoutCredential_IsToldToShowOne()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());

        Answer answer = (await server.Client.GetAsync("/operations")).ShouldBeProblem(401, "unauthorized");

        answer["WWW-Authenticate"].ShouldBe("Bearer realm=\"realtimeops\"");
        (await server.Client.GetAsync("/health/ready")).ShouldBe(200);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "bearer ")]
    [InlineData("X-Api-Key", "")]
    public async Task Request_WithTheKey_IsAnswered(string header, string scheme)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());

        (await server.Client.GetAsync("/operations", (header, scheme + Keys.Of("anna")))).ShouldBe(200);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic YW5uYTphbm5h")]
    [InlineData("X-Api-Key", "wrong")]
    public async Task Request_WithAnotherCredential_IsRefused(string header, string value)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());

        Answer answer = (await server.Client.GetAsync("/operations", (header, value))).ShouldBeProblem(401, "unauthorized");

        answer["WWW-Authenticate"]!.ShouldContain("invalid_token");
    }

    [Fact]
    public async Task Request_AccessTokenInTheQuery_CountsAtTheHubOnly()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());

        (await server.Client.GetAsync("/operations?access_token=" + Keys.Of("anna"))).ShouldBe(401);
        (await server.Client.PostAsync("/hubs/operations/negotiate?negotiateVersion=1&access_token=" + Keys.Of("anna"))).ShouldBe(200);
        (await server.Client.PostAsync("/hubs/operations/negotiate?negotiateVersion=1&access_token=wrong")).ShouldBeProblem(401);
    }

    [Fact]
    public async Task Request_ExpiredKey_IsRefused()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(new Keys().With("anna", "read", expiresAt: time.GetUtcNow().AddHours(1)).Settings(), time: time);
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        (await anna.GetAsync("/operations")).ShouldBe(200);

        time.Advance(TimeSpan.FromHours(1));

        (await anna.GetAsync("/operations")).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task Rotation_ChangedSettings_CountAtOnce()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());
        using GatewayClient old = server.ClientWith(Keys.Of("anna"));
        using GatewayClient next = server.ClientWith("the next key");
        string uri = (await old.SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;
        var both = new Keys().With("anna", "submit read manage").And("Security:ApiKeys:0:Sha256", $"{Keys.Sha256(Keys.Of("anna"))}, {Keys.Sha256("the next key")}");

        server.Reconfigure(both.Settings());
        (await old.GetAsync(uri)).Code.ShouldBeOneOf(200, 202);
        (await next.GetAsync(uri)).Code.ShouldBeOneOf(200, 202);

        server.Reconfigure(new Keys().With("anna", "submit read manage", key: "the next key").Settings());
        (await old.GetAsync(uri)).ShouldBe(401);
        (await next.GetAsync(uri)).Code.ShouldBeOneOf(200, 202);
    }

    [Fact]
    public async Task Rotation_FaultySettings_LeaveTheOldKeysInForce()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        server.ExpectErrors(614);

        Should.Throw<Exception>(() => server.Reconfigure(Anna.And("Security:ApiKeys:0:Sha256", "nonsense").Settings()));

        (await anna.GetAsync("/operations")).ShouldBe(200);
        (await server.Client.GetAsync("/operations")).ShouldBe(401);
    }

    [Fact]
    public async Task Rotation_NameWithABlankAtItsEnd_IsRefused()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());
        server.ExpectErrors(614);

        Should.Throw<Exception>(() => server.Reconfigure(Anna.With("bob ", "read").Settings())).Message.ShouldContain("Security:ApiKeys:1:Name");
    }

    [Fact]
    public async Task Rotation_LastKeyRemoved_DoesNotOpenTheServer()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.Settings());
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));

        server.Reconfigure([]);

        (await anna.GetAsync("/operations")).ShouldBe(401);
        (await server.Client.GetAsync("/operations")).ShouldBe(401);
    }
}
