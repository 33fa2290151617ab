#if USE_HANGFIRE
using System.Net;
using System.Text.Json;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Execution;
using RealtimeOps.Hangfire;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hangfire;

/// <summary>The state of a job is that of its operation, whoever changes which of the two.</summary>
public sealed class JobStateTests
{
    [Fact]
    public async Task Job_OfAnOperation_CarriesItsKeyOnlyAndIsInTheQueueOfItsType()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;

        (_, JobDetailsDto job) = await dashboard.JobAsync(uri, "Succeeded");

        job.Job.Args.ShouldBe([Dashboard.OperationOf(uri)]);
        job.History.Select(entry => entry.StateName).ShouldBe(["Succeeded", "Processing", "Enqueued"]);
        job.History[^1].Data["Queue"].ShouldBe("demo_steps");
    }

    [Fact]
    public async Task Job_OfADelayedOperation_IsScheduledUntilThen()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1.5S");

        JsonElement end = await server.Client.WaitForEndAsync(submitted.Uri);
        (_, JobDetailsDto ended) = await dashboard.JobAsync(submitted.Uri, "Succeeded");

        DateTimeOffset due = submitted.Json.Instant("createdAt")!.Value.AddSeconds(1.5);
        DateTimeOffset.Parse(ended.History[^1].Data["EnqueueAt"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(due);
        (end.Instant("startedAt")!.Value - due).TotalSeconds.ShouldBeInRange(0, 5);
        ended.History.Select(entry => entry.StateName).ShouldBe(["Succeeded", "Processing", "Enqueued", "Scheduled"]);
    }

    [Fact]
    public async Task Job_OfARetriedOperation_IsScheduledWithTheReasonAndThenFailedWithTheHandlersException()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Operations:test.script:Retries"] = "1", ["Operations:test.script:RetryDelays:0"] = "00:00:00.05" },
            (_, context, _) => throw new InvalidOperationException($"The printer burns, attempt {context.Attempt}."));
        using var dashboard = new Dashboard(server);

        string uri = (await server.Client.RunAsync(Inputs.Script, Inputs.Empty)).Text("uri")!;
        (_, JobDetailsDto job) = await dashboard.JobAsync(uri, "Failed");

        job.History.Select(entry => entry.StateName).ShouldBe(["Failed", "Processing", "Enqueued", "Scheduled", "Processing", "Enqueued"]);
        job.History[3].Reason.ShouldBe("Attempt 1 failed: The printer burns, attempt 1.");
        job.History[0].Data["ExceptionType"].ShouldBe(typeof(InvalidOperationException).FullName);
        job.History[0].Data["ExceptionMessage"].ShouldBe("The printer burns, attempt 2.");
        job.History[0].Data["ExceptionDetails"].ShouldContain(nameof(JobStateTests));
        job.ExpireAt.ShouldNotBeNull("Else failed jobs would fill the memory.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_OverTheApi_DeletesTheJob(bool running)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless, running ? "" : "?delay=PT1H")).Uri;
        await dashboard.JobAsync(uri, running ? "Processing" : "Scheduled");

        (await server.Client.PostAsync(uri + "/cancel")).ShouldBe(202);

        (await dashboard.JobAsync(uri, "Deleted")).Details.History[0].Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task Delete_RunningJob_CancelsTheOperationAndItsHandler()
    {
        var stopped = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, _, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation).ContinueWith(_ => stopped.Set(), TaskScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
            return OperationResult.None;
        });
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        (string id, _) = await dashboard.JobAsync(uri, "Processing");
        await dashboard.ReadAsync();
        long start = TimeProvider.System.GetTimestamp();

        (await dashboard.PressAsync("/jobs/actions/delete/" + id)).ShouldBe(HttpStatusCode.NoContent);
        await stopped.ReachedAsync();

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await server.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("canceled");
        (await dashboard.JobAsync(uri, "Deleted")).Details.History.Select(entry => entry.StateName).ShouldBe(["Deleted", "Canceling", "Processing", "Enqueued"]);
    }

    [Fact]
    public async Task Delete_HandlerFinishesNevertheless_TheJobSucceeds()
    {
        var asked = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, _, cancellation) =>
        {
            await using CancellationTokenRegistration registration = cancellation.Register(asked.Set);
            await asked.ReachedAsync();
            return OperationResult.None;
        });
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        (string id, _) = await dashboard.JobAsync(uri, "Processing");

        await dashboard.PressAsync("/jobs/actions/delete/" + id);

        (await server.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("succeeded");
        await dashboard.JobAsync(uri, "Succeeded");
    }

    [Fact]
    public async Task Delete_ScheduledJob_CancelsTheOperation()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H")).Uri;
        (string id, _) = await dashboard.JobAsync(uri, "Scheduled");

        (await dashboard.PressAsync("/jobs/actions/delete/" + id)).ShouldBe(HttpStatusCode.NoContent);

        (await server.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("canceled");
        await dashboard.JobAsync(uri, "Deleted");
    }

    [Fact]
    public async Task Requeue_FailedJob_SubmitsTheOperationAnewAndLinksTheTwo()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1 })).Text("uri")!;
        (string id, _) = await dashboard.JobAsync(uri, "Failed");

        (await dashboard.PressAsync("/jobs/actions/requeue/" + id)).ShouldBe(HttpStatusCode.NoContent);

        string successor = (await server.Client.GetAsync(uri)).Json.Text("resubmittedAs")!;
        JsonElement end = await server.Client.WaitForEndAsync(successor);
        end.Text("resubmissionOf").ShouldBe(uri);
        end.Text("state").ShouldBe("failed");
        (await dashboard.JobAsync(successor, "Failed")).Id.ShouldNotBe(id);
        dashboard.Details(id).History[0].StateName.ShouldBe("Resubmitted");
        (await dashboard.ReadAsync("/jobs/failed")).ShouldContain(id);
    }

    [Fact]
    public async Task Run_TheSameJobTwiceAtOnce_RunsTheHandlerOnceAndEndsOnce()
    {
        var running = new Signal();
        var finish = new Signal();
        int runs = 0;
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, _, _) =>
        {
            Interlocked.Increment(ref runs);
            running.Set();
            await finish.ReachedAsync();
            return OperationResult.OfJson("once");
        });
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await running.ReachedAsync();
        (string id, _) = await dashboard.JobAsync(uri, "Processing");

        // What Hangfire does when a job's invisibility has run out: the same job is fetched by a second worker.
        using (IStorageConnection connection = server.Services.GetRequiredService<EngineStorage>().Jobs.GetConnection())
        using (IWriteOnlyTransaction transaction = connection.CreateWriteTransaction())
        {
            transaction.AddToQueue(OperationJob.QueueOf(Inputs.Script), id);
            transaction.Commit();
        }

        // Behind it in the same queue: once this one runs, the second fetch is over.
        string behind = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await dashboard.JobAsync(behind, "Processing");
        dashboard.Details(id).History.Select(entry => entry.StateName).ShouldBe(["Processing", "Enqueued"]);
        finish.Set();
        JsonElement end = await server.Client.WaitForEndAsync(uri);
        await dashboard.JobAsync(uri, "Succeeded");

        runs.ShouldBe(2, "The one and the one behind it.");
        end.Number("attempt").ShouldBe(1);
        JsonElement history = (await server.Client.GetAsync(uri + "/history")).Json.GetProperty("events");
        history.EnumerateArray().Count(entry => entry.Text("event") == "ended").ShouldBe(1);
    }

    [Fact]
    public async Task Run_ASecondJobOfAnEndedOperation_TellsItsEndAndStartsNothing()
    {
        int runs = 0;
        await using GatewayServer server = await GatewayServer.StartAsync(script: (_, _, _) =>
        {
            runs++;
            throw new OperationFailedException(7, "Out of paper.");
        });
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.RunAsync(Inputs.Script, Inputs.Empty)).Text("uri")!;
        await dashboard.JobAsync(uri, "Failed");
        string operation = Dashboard.OperationOf(uri);
        var key = new OperationKey(Inputs.Script, operation[(operation.IndexOf('/', StringComparison.Ordinal) + 1)..]);

        string second = server.Services.GetRequiredService<EngineStorage>().Client.Create(OperationJob.For(key), new EnqueuedState(OperationJob.QueueOf(Inputs.Script)));
        long start = TimeProvider.System.GetTimestamp();
        while (dashboard.Details(second).History[0].StateName != "Failed" && TimeProvider.System.GetElapsedTime(start) < Limits.Limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        dashboard.Details(second).History[0].Data["ExceptionMessage"].ShouldBe("Out of paper.");
        runs.ShouldBe(1);
    }
}
#endif
