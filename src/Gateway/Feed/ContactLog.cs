using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>A way of waiting, as the history names it.</summary>
internal enum ContactWay
{
    Poll,
    LongPoll,
    EventStream,
    JsonLines,
    SignalR,
}

/// <summary>Their names.</summary>
internal static class ContactWays
{
    private static readonly string[] Names = ["poll", "longPoll", "eventStream", "jsonLines", "signalR"];

    public static string Name(this ContactWay way) => Names[(int)way];
}

/// <summary>Counts who came to ask and how; collected in memory and written now and then, since polls must not cost writes.</summary>
internal sealed class ContactLog
{
    private static readonly int Ways = Enum.GetValues<ContactWay>().Length;

    private readonly Lock _gate = new();
    private Entry[]? _entries;

    /// <summary>Answers true for the first contact since the last collection.</summary>
    public bool Add(ContactWay way, DateTimeOffset now)
    {
        lock (_gate)
        {
            bool first = _entries is null;
            _entries ??= new Entry[Ways];
            ref Entry entry = ref _entries[(int)way];
            entry = new Entry(entry.Count == 0 ? now : entry.FirstAt, now, entry.Count + 1);
            return first;
        }
    }

    /// <summary>Takes the counts out.</summary>
    public IEnumerable<OperationContact> Collect()
    {
        Entry[]? entries;
        lock (_gate)
        {
            entries = _entries;
            _entries = null;
        }

        return entries is null
            ? []
            : entries.Select((entry, way) => new OperationContact(((ContactWay)way).Name(), entry.FirstAt, entry.LastAt, entry.Count)).Where(contact => contact.Count > 0);
    }

    private readonly record struct Entry(DateTimeOffset FirstAt, DateTimeOffset LastAt, long Count);
}
