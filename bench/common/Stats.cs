using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace Bench;

/// <summary>Log-linear latency histogram, 64 steps per octave (error under 1.6 %).</summary>
internal sealed class Histogram
{
    private const int SubBits = 6;
    private readonly long[] _b = new long[(64 - SubBits) << (SubBits + 1)];
    public long Count, Max, Sum;

    public void Add(long v)
    {
        if (v < 0) v = 0;
        Count++; Sum += v; if (v > Max) Max = v;
        _b[Index(v)]++;
    }

    private static int Index(long v)
    {
        if (v < (1 << SubBits)) return (int)v;
        int e = 63 - BitOperations.LeadingZeroCount((ulong)v) - SubBits;
        return ((e + 1) << SubBits) + (int)((v >> e) & ((1 << SubBits) - 1));
    }

    private static long Upper(int i)
    {
        if (i < (1 << SubBits)) return i;
        int e = (i >> SubBits) - 1;
        return (((long)(1 << SubBits) + (i & ((1 << SubBits) - 1)) + 1) << e) - 1;
    }

    public double Ms(double q)
    {
        if (Count == 0) return double.NaN;
        long want = Math.Max(1, (long)Math.Ceiling(q * Count)), c = 0;
        for (int i = 0; i < _b.Length; i++) { c += _b[i]; if (c >= want) return Math.Min(Upper(i), Max) / 1e6; }
        return Max / 1e6;
    }

    public double MeanMs => Count == 0 ? double.NaN : Sum / 1e6 / Count;

    public void Merge(Histogram o)
    {
        for (int i = 0; i < _b.Length; i++) _b[i] += o._b[i];
        Count += o.Count; Sum += o.Sum; Max = Math.Max(Max, o.Max);
    }
}

internal static class Proc
{
    /// <summary>utime + stime of one process, seconds.</summary>
    public static double Cpu(int pid)
    {
        try
        {
            string s = File.ReadAllText($"/proc/{pid}/stat");
            string[] f = s[(s.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(f[11], CultureInfo.InvariantCulture) + long.Parse(f[12], CultureInfo.InvariantCulture)) / 100.0;
        }
        catch { return double.NaN; }
    }

    private static double Kib(string file, string key)
    {
        try
        {
            foreach (string l in File.ReadLines(file))
                if (l.StartsWith(key, StringComparison.Ordinal))
                    return double.Parse(l[key.Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has ended: a figure that is missing shows as NaN, and the run goes on.
        }

        return double.NaN;
    }

    public static double RssKib(int pid) => Kib($"/proc/{pid}/status", "VmRSS:");
    public static double PssKib(int pid) => Kib($"/proc/{pid}/smaps_rollup", "Pss:");

    /// <summary>Machine-wide (busy, steal) CPU seconds.</summary>
    public static (double Busy, double Steal) System()
    {
        string[] f = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double V(int i) => double.Parse(f[i], CultureInfo.InvariantCulture) / 100.0;
        return (V(1) + V(2) + V(3) + V(6) + V(7), V(8));
    }

    public static double Self() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}

internal sealed record Usage(double Server, double Self, double Busy, double Steal, long At)
{
    public static Usage Take(int[] pids)
    {
        var (b, s) = Proc.System();
        return new(pids.Sum(Proc.Cpu), Proc.Self(), b, s, Stopwatch.GetTimestamp());
    }
}
