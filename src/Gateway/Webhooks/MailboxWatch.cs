using System.Threading.Channels;

namespace RealtimeOps.Webhooks;

/// <summary>One reader's wake-up call at a mailbox: it stays up until taken, so none is missed between a look and the wait.</summary>
internal sealed class MailboxWatch(MailboxSignal signal, string mailbox, TimeProvider time) : IDisposable
{
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _awaitsRoom;

    public string Mailbox => mailbox;

    /// <summary>Wants to be woken by acknowledgements too: it has been given as much as it may hold.</summary>
    public bool AwaitsRoom
    {
        get => _awaitsRoom;
        set => _awaitsRoom = value;
    }

    public void Wake() => _calls.Writer.TryWrite(true);

    /// <summary>Returns when woken, at <paramref name="at"/>, or when <paramref name="over"/> says so.</summary>
    public async Task WaitAsync(DateTimeOffset? at, CancellationToken over)
    {
        // Timers may fire a little early; a millisecond more keeps "not before" true.
        TimeSpan wait = at is { } instant ? Max(instant - time.GetUtcNow(), TimeSpan.Zero) + TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan;
        await using ITimer alarm = time.CreateTimer(_ => Wake(), null, wait, Timeout.InfiniteTimeSpan);
        await ((Task)_calls.Reader.ReadAsync(over).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => signal.Remove(this);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
