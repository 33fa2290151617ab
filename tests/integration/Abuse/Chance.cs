namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>The throws of the dice for one case: the same for the same seed and number, on every machine.</summary>
internal sealed class Chance
{
    private readonly Random _random;

    /// <summary>Numbers that stand beside each other are mixed first, since generators that start from those begin alike.</summary>
    public Chance(int seed, int number) => _random = new Random((int)((((ulong)(uint)seed << 32) | (uint)number) * 0x9E3779B97F4A7C15 >> 33));

    public bool In(int percent) => _random.Next(100) < percent;

    public int Below(int limit) => _random.Next(limit);

    public T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public byte[] Bytes(int most)
    {
        byte[] bytes = new byte[_random.Next(most)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
