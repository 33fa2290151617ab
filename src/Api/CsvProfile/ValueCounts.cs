using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// How many different values a column has, and the most frequent of them.
/// </summary>
/// <remarks>
/// Up to <see cref="ExactLimit"/> values both are exact: a table counts every value, by its hash. Past that (or earlier, when the
/// columns together have used up the shared memory) a <see cref="HyperLogLog"/> estimates the number, and the table keeps only
/// frequent values: when it is full, the rarer half of it goes. A newcomer may be one that went, so the table ranks it as if it
/// had been seen as often as the most frequent that went ever was (as Space-Saving does), but only the occurrences
/// really counted are reported. So a count is never too high, and too low by at most 0.25 % of the column's values; for a value
/// that was frequent from the start it is exact.
/// </remarks>
internal sealed class ValueCounts(MemoryBudget budget)
{
    public const int ExactLimit = 100_000;

    private const int SketchSlots = 2048;
    private const int SketchLimit = SketchSlots / 5 * 4;
    private const int SlotBytes = 24;

    /// <summary>Spreads hashes over the table by a secret, lest somebody make a file whose values all collide.</summary>
    private static readonly ulong Multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    private readonly TopValues top = new();
    private Slot[] slots = new Slot[16];
    private int used;
    private long floor;
    private HyperLogLog? estimate;

    public bool IsEstimate => estimate is not null;

    public long Distinct => estimate?.Estimate() ?? used;

    public List<ValueCount> Top => top.ToList();

    private int Limit => Math.Min(slots.Length / 5 * 4, ExactLimit);

    public void Add(ReadOnlySpan<byte> value, ulong hash)
    {
        ref var slot = ref Find(hash);
        if (slot.Count == 0)
        {
            if (used == Limit)
            {
                MakeRoom();
                slot = ref Find(hash);
            }

            slot = new Slot { Hash = hash, Count = floor, Uncounted = floor };
            used++;
        }

        slot.Count++;
        estimate?.Add(hash);
        top.Offer(hash, slot.Count - slot.Uncounted, value);
    }

    /// <summary>The hash's slot, or the free one where it belongs.</summary>
    private ref Slot Find(ulong hash)
    {
        var table = slots;
        int mask = table.Length - 1;
        int index = (int)((hash * Multiplier) >> (64 - BitOperations.TrailingZeroCount(table.Length)));
        while (table[index].Count != 0 && table[index].Hash != hash)
        {
            index = (index + 1) & mask;
        }

        return ref table[index];
    }

    private void MakeRoom()
    {
        if (estimate is not null)
        {
            DropRarerHalf();
        }
        else if (used == ExactLimit || !TryGrow())
        {
            BeginEstimate();
        }
    }

    private bool TryGrow()
    {
        int length = slots.Length * 2;
        if (length > SketchSlots && !budget.TryTake((long)slots.Length * SlotBytes))
        {
            return false;
        }

        Rebuild(length);
        return true;
    }

    private void BeginEstimate()
    {
        estimate = new HyperLogLog();
        foreach (ref readonly var slot in slots.AsSpan())
        {
            if (slot.Count > 0)
            {
                estimate.Add(slot.Hash);
            }
        }

        while (used >= SketchLimit)
        {
            DropRarerHalf();
        }

        budget.Return((long)(slots.Length - SketchSlots) * SlotBytes);
        Rebuild(SketchSlots);
    }

    /// <summary>Finds by powers of two how far above the floor the rarer half reaches; a full sort would cost more than all else.</summary>
    private void DropRarerHalf()
    {
        Span<int> histogram = stackalloc int[64];
        foreach (ref readonly var slot in slots.AsSpan())
        {
            if (slot.Count > 0)
            {
                histogram[BitOperations.Log2((ulong)(slot.Count - floor))]++;
            }
        }

        int bits = 0;
        for (int dropped = histogram[0]; dropped < used / 2; dropped += histogram[bits])
        {
            bits++;
        }

        floor += (2L << bits) - 1;
        Rebuild(slots.Length);
    }

    /// <summary>Moves what is above the floor into a table of the given length.</summary>
    private void Rebuild(int length)
    {
        var survivors = ArrayPool<Slot>.Shared.Rent(used);
        int count = 0;
        foreach (ref readonly var slot in slots.AsSpan())
        {
            if (slot.Count > floor)
            {
                survivors[count++] = slot;
            }
        }

        if (slots.Length == length)
        {
            Array.Clear(slots);
        }
        else
        {
            slots = new Slot[length];
        }

        foreach (ref readonly var survivor in survivors.AsSpan(0, count))
        {
            Find(survivor.Hash) = survivor;
        }

        used = count;
        ArrayPool<Slot>.Shared.Return(survivors);
    }

    private struct Slot
    {
        public ulong Hash;

        /// <summary>0 in a free slot.</summary>
        public long Count;

        /// <summary>How much of the count stands for occurrences that may have been before the table knew the value.</summary>
        public long Uncounted;
    }
}
