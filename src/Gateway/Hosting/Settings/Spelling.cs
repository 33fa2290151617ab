namespace RealtimeOps.Hosting.Settings;

/// <summary>What somebody may have meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate that a few slips of the finger lead away from; null when none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        (string Name, int Distance)[] near = [.. candidates
            .Select(candidate => (candidate, Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.Item2 <= Math.Max(1, Math.Min(name.Length, pair.candidate.Length) / 3))];
        return near.Length == 0 ? null : near.MinBy(pair => pair.Distance).Name;
    }

    /// <summary>How many letters have to be put in, taken away, replaced, or swapped with their neighbour (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        int[,] table = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[from.Length, to.Length];
    }
}
