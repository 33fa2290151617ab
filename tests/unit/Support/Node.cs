using Microsoft.Extensions.Logging.Abstractions;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.UnitTests.Support;

/// <summary>One of several nodes over one store. Messages go where and when the test says.</summary>
internal sealed class Node : IFeedListener, IDisposable
{
    private readonly FeedReceiver _receiver;

    public Node(MemoryOperationStore store, ManualTime time)
    {
        Store = store;
        Feed = new OperationFeed(store, Changes, Link, An.Journal(), new QueuedOperations(0), time);
        Publisher = new FeedPublisher(Feed, Link, time, NullLogger<FeedPublisher>.Instance);
        _receiver = new FeedReceiver(Feed, Link, time, NullLogger<FeedReceiver>.Instance);
        Connected();
    }

    public MemoryOperationStore Store { get; }

    public ChangeLog Changes { get; } = new();

    public FeedLink Link { get; } = new(isShared: true, new Wire());

    public OperationFeed Feed { get; }

    public FeedPublisher Publisher { get; }

    public void Connected() => _receiver.Connected();

    public void Received(FeedMessage message) => _receiver.Received(message);

    public void Missed() => _receiver.Missed();

    /// <summary>Lets it look up what it was told to.</summary>
    public Task StartAsync() => _receiver.StartAsync(CancellationToken.None);

    public LiveOperation Find(OperationKey key) => Feed.FindAsync(key, default).Result!;

    public Operation? Change(OperationKey key, Func<Operation, Operation?> decide) => Feed.ChangeAsync(Find(key), decide, static _ => []).AsTask().Result;

    /// <summary>What this node has to tell, told to the others through the wire's form.</summary>
    public List<FeedMessage> TellTo(params ReadOnlySpan<Node> others)
    {
        var told = Publisher.Collect(out _);
        foreach (string envelope in new FeedEnvelopes(8000).Pack(told))
        {
            foreach (Node other in others)
            {
                new FeedEnvelopes(8000).Open(envelope, other);
            }
        }

        return told;
    }

    /// <summary>Tells that there are others; the test carries the messages.</summary>
    private sealed class Wire : IFeedBackplane
    {
        public Task SendAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ListenAsync(IFeedListener listener, CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        Publisher.Dispose();
        _receiver.Dispose();
    }
}
