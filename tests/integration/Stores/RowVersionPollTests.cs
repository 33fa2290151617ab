#if USE_HANGFIRE
using RealtimeOps.Feed;
using RealtimeOps.Hangfire.SqlServer;
using RealtimeOps.Operations;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>What is passed on of a database that changes between the looks.</summary>
public sealed class RowVersionPollTests
{
    private readonly Rows _rows = new() { Mark = new RowVersionMark(1000, 0) };
    private readonly Heard _heard = new();
    private readonly RowVersionPoll _poll;

    public RowVersionPollTests() => _poll = new RowVersionPoll(_rows, new FeedEnvelopes(8000), _heard);

    [Fact]
    public async Task Begin_WithRowsBefore_PassesNothingAndConnectsBehindTheMark()
    {
        _rows.Change(999, "before");
        _rows.OnMark = () => _heard.IsConnected.ShouldBeFalse();

        await BeginAsync();
        _rows.OnMark = null;
        await LookAsync();

        _heard.IsConnected.ShouldBeTrue();
        _heard.Ids.ShouldBeEmpty();
        _rows.Reads.ShouldBe(0, "Where nothing has changed, nothing is read.");
    }

    [Fact]
    public async Task Look_OverLongTransaction_PassesWhatItHeldBackOnceItHasEnded()
    {
        await BeginAsync();
        _rows.Change(1001, "committed");
        await LookAsync();
        _heard.Ids.ShouldBeEmpty();

        _rows.Change(1000, "slow");
        _rows.Mark = new RowVersionMark(1002, 200);
        await LookAsync();
        await LookAsync();

        _heard.Ids.ShouldBe(["slow", "committed"]);
    }

    [Theory]
    [InlineData(RowVersionPoll.Page - 1)]
    [InlineData(RowVersionPoll.Page)]
    [InlineData((2 * RowVersionPoll.Page) + 1)]
    public async Task Look_AfterABurst_PassesEachOnceInOrder(int count)
    {
        await BeginAsync();
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"o{i}")];
        for (int i = 0; i < count; i++)
        {
            // With holes, as other tables take numbers too.
            _rows.Change(1000 + (3 * i), ids[i]);
        }

        _rows.Mark = new RowVersionMark(1000 + (3 * count), 200);
        await LookAsync();
        await LookAsync();

        _heard.Ids.ShouldBe(ids);
        _heard.Missed.ShouldBe(0);
    }

    [Fact]
    public async Task Look_EnvelopeOfAnother_ComesAfterTheRows()
    {
        await BeginAsync();
        Operation last = Make("removed");
        _rows.Send(1000, new FeedEnvelopes(8000).Pack([new FeedMessage.Gone(last), new FeedMessage.Mailbox("post")])[0]);
        _rows.Change(1001, "changed");
        _rows.Mark = new RowVersionMark(1002, 200);

        await LookAsync();

        _heard.Ids.ShouldBe(["changed", "gone removed", "mailbox post"]);
    }

    [Theory]
    [InlineData(900, 200)]
    [InlineData(1000, 61_000)]
    public async Task Look_AtADatabaseThatWentBackOrAfterAPause_SaysThatSomeWereMissed(long version, long now)
    {
        await BeginAsync();
        _rows.Mark = new RowVersionMark(version, now);
        await LookAsync();
        _heard.Missed.ShouldBe(1);

        _rows.Change(version, "next");
        _rows.Mark = new RowVersionMark(version + 1, now + 200);
        await LookAsync();
        _heard.Missed.ShouldBe(1);
        _heard.Ids.ShouldBe(["next"]);
    }

    private static Operation Make(string id) => new()
    {
        Key = new OperationKey("t", id),
        Owner = "a",
        BaseUri = "http://localhost",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Retention = TimeSpan.FromHours(1),
    };

    private Task BeginAsync() => _poll.BeginAsync(TestContext.Current.CancellationToken);

    private Task LookAsync() => _poll.LookAsync(TestContext.Current.CancellationToken);

    private sealed class Rows : IRowVersions
    {
        private readonly SortedDictionary<long, Operation> _operations = [];
        private readonly SortedDictionary<long, string> _envelopes = [];

        public RowVersionMark Mark { get; set; }

        public Action? OnMark { get; set; }

        public int Reads { get; private set; }

        public void Change(long version, string id) => _operations.Add(version, Make(id));

        public void Send(long version, string envelope) => _envelopes.Add(version, envelope);

        public ValueTask<RowVersionMark> MarkAsync(CancellationToken cancellationToken)
        {
            OnMark?.Invoke();
            return new(Mark);
        }

        public ValueTask<List<(long Version, Operation Changed)>> OperationsAsync(long from, long to, int most, CancellationToken cancellationToken) => Between(_operations, from, to, most);

        public ValueTask<List<(long Version, string Envelope)>> EnvelopesAsync(long from, long to, int most, CancellationToken cancellationToken) => Between(_envelopes, from, to, most);

        private ValueTask<List<(long Version, T Value)>> Between<T>(SortedDictionary<long, T> rows, long from, long to, int most)
        {
            Reads++;
            return new([.. rows.Where(row => row.Key >= from && row.Key < to).Take(most).Select(row => (row.Key, row.Value))]);
        }
    }

    private sealed class Heard : IFeedListener
    {
        public bool IsConnected { get; private set; }

        public int Missed { get; private set; }

        public List<string> Ids { get; } = [];

        public void Connected() => IsConnected = true;

        public void Received(FeedMessage message) => Ids.Add(message switch
        {
            FeedMessage.Changed { Status: { } status } => status.Operation.Key.Id,
            FeedMessage.Gone { Last: { } last } => "gone " + last.Key.Id,
            FeedMessage.Mailbox { Name: { } name } => "mailbox " + name,
            _ => message.ToString(),
        });

        void IFeedListener.Missed() => Missed++;
    }
}
#endif
