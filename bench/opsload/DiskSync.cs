using System.Diagnostics;

namespace Bench.OpsLoad;

/// <summary>How long this disk takes to make 4 KiB durable: the floor of every durable acceptance.</summary>
internal static class DiskSync
{
    public static int Run(Options o)
    {
        string path = Path.Combine(o.Need("dir"), Path.GetRandomFileName());
        var latency = new Histogram();
        byte[] page = new byte[4096];
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
            for (int i = 0; i < o.Int("count", 500); i++)
            {
                long t0 = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                latency.Add(Stopwatch.GetTimestamp() - t0);
            }
        }
        finally { File.Delete(path); }
        var report = new Report(o);
        report.Latency("fsync_", latency);
        report.Print();
        return 0;
    }
}
