using RealtimeOps.Hosting;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Hosting;

public sealed class SampledFiguresTests
{
    private readonly ManualTime _time = new();
    private readonly SampledFigures<string> _figures;
    private Func<Task<string>> _take = () => Task.FromResult("first");
    private int _taken;

    public SampledFiguresTests() => _figures = new SampledFigures<string>(
        async _ =>
        {
            Interlocked.Increment(ref _taken);
            return await _take();
        },
        _time);

    [Fact]
    public async Task Get_OftenAsked_TakesThemOnceInAWhile()
    {
        (await GetAsync()).ShouldBe("first");
        _time.Advance(TimeSpan.FromSeconds(4));
        _figures.Get().ShouldBe("first");

        _taken.ShouldBe(1);
    }

    [Fact]
    public async Task Get_WhileALookTakesLong_AnswersTheLast_UntilThatIsTooOld()
    {
        (await GetAsync()).ShouldBe("first");
        var slow = new TaskCompletionSource<string>();
        _take = () => slow.Task;

        _time.Advance(TimeSpan.FromSeconds(10));
        Task<string?> asked = GetAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await GetAsync()).ShouldBe("first");
        _figures.Get().ShouldBe("first");
        _time.Advance(TimeSpan.FromMinutes(5));
        (await GetAsync()).ShouldBeNull();

        slow.SetResult("second");
        await asked;
        _taken.ShouldBe(2);
    }

    [Fact]
    public async Task Get_StoreFails_AnswersTheLast_AndAsksAgain()
    {
        (await GetAsync()).ShouldBe("first");
        _take = () => throw new StoreUnavailableException("gone");
        _time.Advance(TimeSpan.FromSeconds(10));
        (await GetAsync()).ShouldBe("first");

        _take = () => Task.FromResult("second");
        _time.Advance(TimeSpan.FromSeconds(10));
        (await GetAsync()).ShouldBe("second");
    }

    private Task<string?> GetAsync() => _figures.GetAsync(TestContext.Current.CancellationToken);
}
