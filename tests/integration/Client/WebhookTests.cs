using System.Text;
using System.Text.Json;
using RealtimeOps.Client;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

/// <summary>The verifier, against the vector of the reference libraries and against what the gateway really sends.</summary>
public sealed class WebhookTests
{
    private const string OtherSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long SentAt = 1614265330;
    private const string Body = """{"test": 2432232314}""";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Theory]
    [InlineData(Signature, 0, WebhookVerdict.Genuine)]
    [InlineData("v1,AAAA v2," + "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= junk " + Signature, 0, WebhookVerdict.Genuine)]
    [InlineData(Signature, 300, WebhookVerdict.Genuine)]
    [InlineData(Signature, -300, WebhookVerdict.Genuine)]
    [InlineData(Signature, 301, WebhookVerdict.TooOld)]
    [InlineData(Signature, -301, WebhookVerdict.TooNew)]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", 0, WebhookVerdict.WrongSignature)]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3", 0, WebhookVerdict.WrongSignature)]
    [InlineData("v1,", 0, WebhookVerdict.WrongSignature)]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0, WebhookVerdict.WrongSignature)]
    [InlineData("", 0, WebhookVerdict.Malformed)]
    [InlineData(null, 0, WebhookVerdict.Malformed)]
    public void Check_OfficialVector_IsJudged(string? signatures, int secondsLater, WebhookVerdict verdict) =>
        Verifier(secondsLater, WebhookServer.Secret).Check(Encoding.UTF8.GetBytes(Body), Id, "1614265330", signatures).ShouldBe(verdict);

    [Theory]
    [InlineData(null, "1614265330")]
    [InlineData(Id, null)]
    [InlineData(Id, "soon")]
    public void Check_HeaderMissingOrOdd_IsMalformed(string? id, string? timestamp) =>
        Verifier(0, WebhookServer.Secret).Check(Encoding.UTF8.GetBytes(Body), id, timestamp, Signature).ShouldBe(WebhookVerdict.Malformed);

    [Theory]
    [InlineData(OtherSecret, WebhookServer.Secret)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Check_OneOfSeveralSecretsOrWithoutPrefix_IsGenuine(params string[] secrets) =>
        Verifier(0, secrets).Check(Encoding.UTF8.GetBytes(Body), Id, "1614265330", Signature).ShouldBe(WebhookVerdict.Genuine);

    [Theory]
    [InlineData]
    [InlineData("whsec_")]
    [InlineData("whsec_no base 64")]
    public void Verifier_WhatIsNoSecret_IsRefused(params string[] secrets) => Should.Throw<ArgumentException>(() => new WebhookVerifier(secrets));

    [Fact]
    public async Task Check_RealDelivery_IsGenuineAndHoldsTheFinalStatus()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync();
        JsonElement final = await server.Client.RunHookedAsync(receiver.Address);
        Received message = await receiver.NextAsync();

        new WebhookVerifier(WebhookServer.Secret).Check(message.Body, message.Headers.GetValueOrDefault).ShouldBe(WebhookVerdict.Genuine);
        new WebhookVerifier(OtherSecret).Check(message.Body, message.Headers.GetValueOrDefault).ShouldBe(WebhookVerdict.WrongSignature);
        OperationStatus.Parse(message.Text).ShouldSatisfyAllConditions(status => status.Succeeded.ShouldBeTrue(), status => status.Uri.ShouldBe(new Uri(final.Text("uri")!)));
    }

    private static WebhookVerifier Verifier(int secondsLater, params string[] secrets) => new(secrets) { TimeProvider = new FixedTime(DateTimeOffset.FromUnixTimeSeconds(SentAt + secondsLater)) };

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
