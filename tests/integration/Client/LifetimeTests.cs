using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RealtimeOps.Client;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

public sealed class LifetimeTests(SharedServer shared) : SharedServerTests(shared), IClassFixture<SharedServer>
{
    private readonly RealtimeOpsClient _client = shared.Server.NewClient();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_Running_EndsCanceled()
    {
        OperationHandle operation = await _client.SubmitAsync(Inputs.Demo, Inputs.Endless, cancellationToken: Cancellation);

        (await operation.CancelAsync(Cancellation)).State.ShouldBeOneOf(OperationState.Canceling, OperationState.Canceled);

        OperationStatus final = await operation.WaitForCompletionAsync(cancellationToken: Cancellation).Limited();
        final.State.ShouldBe(OperationState.Canceled);
        final.Status.ShouldBe(499);
        final.Error.ShouldNotBeNull().Code.ShouldBe(499);
        (await Should.ThrowAsync<ProblemException>(() => operation.CancelAsync(Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Should.ThrowAsync<ProblemException>(() => operation.GetResultAsync<int>(Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Resubmit_Ended_IsANewOneThatLinksBack()
    {
        OperationHandle operation = await EndedAsync(new { steps = 1, stepMs = 0, result = new { answer = 42 } });

        OperationHandle again = await _client.ResubmitAsync(operation.Uri, Cancellation);

        again.Uri.ShouldNotBe(operation.Uri);
        again.Initial.ShouldNotBeNull().ResubmissionOf.ShouldBe(operation.Uri);
        (await operation.GetAsync(Cancellation)).ResubmittedAs.ShouldBe(again.Uri);
    }

    [Fact]
    public async Task Delete_Ended_IsGone()
    {
        OperationHandle operation = await EndedAsync(Inputs.Quick);

        (await _client.DeleteAsync(operation.Uri, Cancellation)).ShouldBeNull();

        (await Should.ThrowAsync<ProblemException>(() => operation.GetAsync(Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task GetResult_OfJson_IsAnObject()
    {
        OperationHandle operation = await EndedAsync(new { steps = 1, stepMs = 0, result = new { answer = 42 } });

        (await operation.GetResultAsync<Outcome>(Cancellation)).ShouldBe(new Outcome(42));
    }

    [Fact]
    public async Task GetResult_WhenThereIsNone_IsNull() => (await (await EndedAsync(Inputs.Quick)).GetResultAsync<Outcome>(Cancellation)).ShouldBeNull();

    [Fact]
    public async Task GetResult_BeforeTheEnd_Throws()
    {
        OperationHandle operation = await _client.SubmitAsync(Inputs.Demo, Inputs.Endless, cancellationToken: Cancellation);

        (await Should.ThrowAsync<ProblemException>(() => operation.GetResultAsync<Outcome>(Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task GetResult_OfAFailure_IsTheProblem()
    {
        OperationHandle operation = await EndedAsync(new { steps = 2, stepMs = 0, failAt = 1, failStatus = 23, message = "Broken." });

        ProblemException failure = await Should.ThrowAsync<ProblemException>(() => operation.GetResultAsync<Outcome>(Cancellation));

        failure.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        failure.Problem.Extensions.ShouldNotBeNull()["error"].Text("code").ShouldBe("23");
    }

    [Fact]
    public async Task OpenResult_WithARange_IsThatPart()
    {
        OperationHandle operation = await EndedAsync(new { steps = 1, stepMs = 0, result = "0123456789" });

        using OperationContent part = (await _client.OpenResultAsync(operation.Uri, new RangeHeaderValue(1, 4), Cancellation)).ShouldNotBeNull();

        using var reader = new StreamReader(part.Stream, Encoding.UTF8);
        (await reader.ReadToEndAsync(Cancellation)).ShouldBe("0123");
        part.Range.ShouldNotBeNull().Length.ShouldBe(12);
        part.MediaType.ShouldNotBeNull().MediaType.ShouldBe("application/json");
        part.ETag.ShouldNotBeNull();
    }

    [Fact]
    public async Task List_OfManyPages_IsWholeAndNewestFirst()
    {
        var tags = new Dictionary<string, string> { ["list"] = "many" };
        var submitted = new List<Uri>();
        for (int i = 0; i < 5; i++)
        {
            submitted.Add((await _client.SubmitAsync(Inputs.Demo, Inputs.Quick, new SubmitOptions { Tags = tags }, Cancellation)).Uri);
        }

        List<OperationStatus> listed = await _client.ListAsync(new OperationFilter { Type = Inputs.Demo, Tags = tags }, pageSize: 2, Cancellation).ToListAsync();

        listed.Select(status => status.Uri).ShouldBe(submitted.AsEnumerable().Reverse());
    }

    private async Task<OperationHandle> EndedAsync(object input)
    {
        OperationHandle operation = await _client.SubmitAsync(Inputs.Demo, input, new SubmitOptions { Wait = TimeSpan.FromSeconds(30) }, Cancellation);
        operation.Initial.ShouldNotBeNull().IsFinal.ShouldBeTrue();
        return operation;
    }

    private sealed record Outcome(int Answer);
}
