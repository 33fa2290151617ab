using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Client;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

public sealed class SubmitTests(SharedServer shared) : SharedServerTests(shared), IClassFixture<SharedServer>
{
    private readonly GatewayServer _server = shared.Server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_WithEverything_IsAllThere()
    {
        OperationHandle operation = await _server.NewClient().SubmitAsync(
            Inputs.Demo,
            Inputs.Quick,
            new SubmitOptions { Id = OperationKey(), Tags = new Dictionary<string, string> { ["team"] = "R&D é" }, Delay = TimeSpan.FromHours(1.5), Ttl = TimeSpan.FromDays(2), Webhook = "mailbox:" + OperationKey() },
            Cancellation);

        OperationStatus status = operation.Initial.ShouldNotBeNull();
        status.State.ShouldBe(OperationState.Queued);
        status.Progress.ShouldBe(0);
        status.Tags.ShouldBe(new Dictionary<string, string> { ["team"] = "R&D é" });
        status.Json.ShouldContain("\"uri\":");
        (await operation.GetAsync(Cancellation)).ShouldSatisfyAllConditions(now => now.Uri.ShouldBe(status.Uri), now => now.Id.ShouldBe(status.Id), now => now.CreatedAt.ShouldBe(status.CreatedAt));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_AnswersLost_StartsOnce(bool withKey)
    {
        int count = 0;
        var box = new Middlebox(async (_, send, _) =>
        {
            HttpResponseMessage response = await send();
            return ++count <= 2 ? throw new HttpRequestException("The answer is lost.") : response;
        });
        string key = OperationKey();
        var tags = new Dictionary<string, string> { ["once"] = key };

        OperationHandle operation = await _server.NewClient(box).SubmitAsync(Inputs.Demo, Inputs.Quick, new SubmitOptions { Tags = tags, IdempotencyKey = withKey ? key : null }, Cancellation);

        count.ShouldBe(3);
        (await _server.NewClient().ListAsync(new OperationFilter { Tags = tags }, cancellationToken: Cancellation).ToListAsync()).ShouldHaveSingleItem().Uri.ShouldBe(operation.Uri);
    }

    [Fact]
    public async Task Submit_StreamWithLostAnswer_IsSentAgainFromItsBeginning()
    {
        int count = 0;
        var box = new Middlebox(async (_, send, _) =>
        {
            HttpResponseMessage response = await send();
            return ++count == 1 ? throw new HttpRequestException("The answer is lost.") : response;
        });
        using var file = new MemoryStream(Inputs.CsvOf(100_000));
        file.Position = 0;

        OperationHandle operation = await _server.NewClient(box).SubmitAsync(Inputs.Csv, file, "text/csv", new SubmitOptions { Wait = TimeSpan.FromSeconds(10) }, Cancellation);

        (await operation.WaitForCompletionAsync(cancellationToken: Cancellation).Limited()).Succeeded.ShouldBeTrue();
        file.CanRead.ShouldBeTrue("The stream stays the caller's.");
        box.Seen.Count(way => way == HttpMethod.Put.Method).ShouldBe(2);
    }

    [Fact]
    public async Task Submit_Overburdened_ComesBackWhenTold()
    {
        int count = 0;
        var box = new Middlebox((_, send, _) => ++count == 1 ? Task.FromResult(Answers.Of(HttpStatusCode.ServiceUnavailable, "1")) : send());
        long start = TimeProvider.System.GetTimestamp();

        await _server.NewClient(box).SubmitAsync(Inputs.Demo, Inputs.Quick, cancellationToken: Cancellation);

        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Submit_InputDoesNotFit_TellsEachFault()
    {
        ProblemException refused = await Should.ThrowAsync<ProblemException>(() => _server.NewClient().SubmitAsync(Inputs.Demo, new { steps = -1, stepMs = "x" }, cancellationToken: Cancellation));

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refused.Problem.Errors.Select(fault => fault.Pointer).ShouldBe(["/steps", "/stepMs"], ignoreOrder: true);
        refused.Message.ShouldBe(refused.Problem.Detail);
    }

    [Fact]
    public async Task Submit_IdTakenByAnotherInput_TellsTheDifferences()
    {
        var options = new SubmitOptions { Id = OperationKey() };
        await _server.NewClient().SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0 }, options, Cancellation);

        ProblemException refused = await Should.ThrowAsync<ProblemException>(() => _server.NewClient().SubmitAsync(Inputs.Demo, new { steps = 2, stepMs = 0 }, options, Cancellation));

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        refused.Problem.Differences.ShouldBe(["/steps"]);
    }

    [Fact]
    public async Task Submit_NobodyThere_GivesUpAfterItsPatience() =>
        await Should.ThrowAsync<HttpRequestException>(() => new RealtimeOpsClient(new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1") })
            .SubmitAsync(Inputs.Demo, Inputs.Quick, new SubmitOptions { Patience = TimeSpan.Zero }, Cancellation));

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task Submit_WhatIsNoId_IsAnArgumentException(string id) =>
        await Should.ThrowAsync<ArgumentException>(() => _server.NewClient().SubmitAsync(Inputs.Demo, Inputs.Quick, new SubmitOptions { Id = id }, Cancellation));

    [Fact]
    public async Task TypedClient_OfTheFactory_Works()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddHttpClient<RealtimeOpsClient>(http => http.BaseAddress = new Uri(Client.Address, "/"))
            .Services.BuildServiceProvider();

        OperationHandle operation = await services.GetRequiredService<RealtimeOpsClient>().SubmitAsync(Inputs.Demo, Inputs.Quick, cancellationToken: Cancellation);

        (await operation.WaitForCompletionAsync(cancellationToken: Cancellation).Limited()).Succeeded.ShouldBeTrue();
    }

    private static string OperationKey() => Guid.NewGuid().ToString("N");
}
