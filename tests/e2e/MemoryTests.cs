using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>Files of any size go through the server in bounded memory.</summary>
[Collection(Alone.Name)]
public sealed class MemoryTests(ITestOutputHelper output) : IDisposable
{
    private const long Rows = 15_625_000;
    private const long LeastFreeDisk = 3_000_000_000;
    private const long MostMemory = 250_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 600_000)]
    public async Task CsvProfile_OfOneGigabyte_StaysInBoundedMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of a process's memory is read from /proc.");
        Assert.SkipUnless(new DriveInfo(_data.Path).AvailableFreeSpace >= LeastFreeDisk, $"Less than {LeastFreeDisk} bytes are free under {_data.Path}.");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var file = new GeneratedCsv(Rows);
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        using var patient = new HttpClient { BaseAddress = server.Client.Address, Timeout = Limit };
        long start = TimeProvider.System.GetTimestamp();

        using HttpResponseMessage accepted = await patient.PutAsync("/operations/csv.profile/large", file, cancellationToken);
        (await Answer.ReadAsync(accepted)).ShouldBe(202);
        TimeSpan uploaded = TimeProvider.System.GetElapsedTime(start);
        Answer waited;
        do
        {
            waited = await server.Client.GetAsync("/operations/csv.profile/large", ("Prefer", "wait=10"));
        }
        while (waited.Code == 202);

        long peak = await server.PeakMemoryAsync();
        output.WriteLine($"{GeneratedCsv.LengthOf(Rows):N0} bytes: uploaded in {uploaded.TotalSeconds:0.0} s, profiled by {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s; at most {peak / 1e6:0} MB of memory.");
        waited.ShouldBe(200).Json.Number("status").ShouldBe(0, waited.Text);
        JsonElement profile = (await server.Client.GetAsync("/operations/csv.profile/large/result")).ShouldBe(200).Json;
        profile.Number("rows").ShouldBe(Rows);
        profile.GetProperty("badRows").Number("count").ShouldBe(0);
        JsonElement[] columns = [.. profile.GetProperty("columns").EnumerateArray()];
        columns.Select(column => column.Text("type")).ShouldBe(["integer", "number", "date", "text"]);
        columns[0].Number("min").ShouldBe(GeneratedCsv.FirstId);
        columns[0].Number("max").ShouldBe(GeneratedCsv.FirstId + Rows - 1);
        peak.ShouldBeLessThan(MostMemory);
        await server.StopAsync();
    }
}
