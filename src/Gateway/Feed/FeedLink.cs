namespace RealtimeOps.Feed;

/// <summary>
/// How this node stands with the others that share its store. What it has in memory can be believed for as long as it hears of every change: each
/// connection, and each gap in one, begins a new generation, and what was read in an older one is read again before it is shown.
/// </summary>
/// <param name="isShared">Other nodes use the store too.</param>
/// <param name="backplane">What carries changes between them; null where nothing does, and every look is one into the store.</param>
internal sealed class FeedLink(bool isShared, IFeedBackplane? backplane = null)
{
    /// <summary>More than this is not kept for a backplane that does not take it.</summary>
    private const int Capacity = 10_000;

    private const int Alone = 0;
    private const int Disconnected = -1;

    private readonly Lock _gate = new();
    private List<FeedMessage> _outbox = [];
    private string? _trouble = backplane is null ? null : "It has not connected yet.";
    private int _generation = isShared ? Disconnected : Alone;
    private int _last;

    /// <summary>Called when there is something to be sent.</summary>
    public Action? OnTold { get; set; }

    /// <summary>Called with the name of a mailbox that something came into, or left, on another node.</summary>
    public Action<string>? OnMailboxChanged { get; set; }

    public bool IsShared => isShared;

    public IFeedBackplane? Backplane => backplane;

    /// <summary>What is read now can be believed for as long as this does not change. While nothing is heard it is a number that nothing has.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public bool IsConnected => Generation != Disconnected;

    /// <summary>Whether what was read in this generation has been kept true since; of nothing that was read while nothing is heard.</summary>
    public bool IsPresent(int generation) => generation != Disconnected && generation == Generation;

    /// <summary>Why nothing is heard of other nodes; null while all is well.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>What this node knows was read before this moment; from here on it hears of every change.</summary>
    public void BeginGeneration()
    {
        lock (_gate)
        {
            Volatile.Write(ref _trouble, null);
            Volatile.Write(ref _generation, ++_last);
        }
    }

    /// <summary>As <see cref="BeginGeneration"/>, for who cannot know whether the connection has been lost meanwhile.</summary>
    public void RenewGeneration()
    {
        lock (_gate)
        {
            if (IsConnected)
            {
                Volatile.Write(ref _generation, ++_last);
            }
        }
    }

    public void Disconnect(string reason)
    {
        lock (_gate)
        {
            Volatile.Write(ref _generation, Disconnected);
            Volatile.Write(ref _trouble, reason);
        }
    }

    /// <summary>Tells the other nodes, soon; nobody when there are none.</summary>
    public void Tell(FeedMessage message)
    {
        if (backplane is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_outbox.Count >= Capacity)
            {
                _outbox = [new FeedMessage.Lost()];
            }

            _outbox.Add(message);
        }

        OnTold?.Invoke();
    }

    /// <summary>What there is to be sent beside the changes themselves.</summary>
    public List<FeedMessage> TakeOutbox()
    {
        lock (_gate)
        {
            if (_outbox.Count == 0)
            {
                return [];
            }

            List<FeedMessage> taken = _outbox;
            _outbox = [];
            return taken;
        }
    }
}
