using System.Diagnostics;
using System.Globalization;
using Bench;
using Hangfire;
using Hangfire.InMemory;

// Hangfire as its manual shows it, with its memory storage and its default filters: what the gateway's Hangfire engine is measured against.
//   plain-hangfire [--count N] [--warmup N] [--workers 20] [--producers 2] [--idle 500]     one JSON object on one line
var options = new Options(args);
int count = options.Int("count", 20000), warmup = options.Int("warmup", 60000), workers = options.Int("workers", 20), idle = options.Int("idle", 500);
GlobalConfiguration.Configuration.UseInMemoryStorage();
var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = workers });
int producers = options.Int("producers", 2);
Run(warmup, producers);
double submitted = Run(count, producers);

var starts = new Histogram();
for (int i = -200; i < idle; i++)
{
    Jobs.Started = 0;
    long called = Stopwatch.GetTimestamp();
    BackgroundJob.Enqueue(() => Jobs.Stamp());
    while (Volatile.Read(ref Jobs.Started) == 0) await Task.Delay(1);
    if (i >= 0) starts.Add(Jobs.Started - called);
    await Task.Delay(10);
}

server.Dispose();
Jobs.Done = 0;
for (int i = 0; i < count; i++) BackgroundJob.Enqueue(() => Jobs.Nothing());
long from = Stopwatch.GetTimestamp();
server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = workers });
Until(count);
double filled = count / ((Stopwatch.GetTimestamp() - from) / 1e9);
server.Dispose();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $$"""{"label":"{{options.Get("label") ?? "plain-hangfire"}}","count":{{count}},"submitted_per_s":{{submitted:0}},"filled_per_s":{{filled:0}},"idle_start_p50_ms":{{starts.Ms(.5):0.000}},"idle_start_p99_ms":{{starts.Ms(.99):0.000}}}"""));

static double Run(int count, int producers)
{
    Jobs.Done = 0;
    long from = Stopwatch.GetTimestamp();
    for (int p = 0; p < producers; p++)
    {
        var producer = new Thread(() => { for (int i = 0; i < count / producers; i++) BackgroundJob.Enqueue(() => Jobs.Nothing()); });
        producer.Start();
    }

    Until(count / producers * producers);
    return count / ((Stopwatch.GetTimestamp() - from) / 1e9);
}

static void Until(int count)
{
    while (Volatile.Read(ref Jobs.Done) < count) Thread.Sleep(1);
}

/// <summary>What the jobs do.</summary>
public static class Jobs
{
    public static int Done;
    public static long Started;

    public static void Nothing() => Interlocked.Increment(ref Done);

    public static void Stamp() => Volatile.Write(ref Started, Stopwatch.GetTimestamp());
}
