using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Hosting;

public sealed class MemoryGuardTests
{
    [Fact]
    public void Refusal_WhateverIsRead_ComesAtTheLimitAndGoesWellBelow()
    {
        var memory = new Memory();
        var time = new Ticks();
        using MemoryGuard guard = Guard(memory, time, limit: 0.8);

        bool refusesAt(double share)
        {
            memory.UsedShare = share;
            time.Tick();
            return guard.Refusal is not null;
        }

        (double Share, bool Refuses)[] steps = [(0.5, false), (0.79, false), (0.8, true), (0.79, true), (0.76, true), (0.74, false), (0.79, false), (1.5, true), (0, false)];
        steps.Select(step => refusesAt(step.Share)).ShouldBe(steps.Select(step => step.Refuses));
        memory.Reclaims.ShouldBe(1, "No time has passed, and a collection is dear.");
    }

    [Fact]
    public void Refusal_AtTheLimitByGarbage_IsNone()
    {
        var memory = new Memory { AfterReclaim = 0.4 };
        var time = new Ticks();
        using MemoryGuard guard = Guard(memory, time, limit: 0.8);

        memory.UsedShare = 0.9;
        time.Tick();

        guard.Refusal.ShouldBeNull();
    }

    [Fact]
    public void Refusal_WhatWasUsedBecomesGarbage_EndsByItself()
    {
        var memory = new Memory { UsedShare = 0.9 };
        var time = new Ticks();
        using MemoryGuard guard = Guard(memory, time, limit: 0.8);
        guard.Refusal.ShouldNotBeNull();

        memory.AfterReclaim = 0.4;
        time.Tick();
        guard.Refusal.ShouldNotBeNull();
        time.Now = TimeSpan.FromSeconds(30);
        time.Tick();

        guard.Refusal.ShouldBeNull();
    }

    [Fact]
    public void Refusal_SwitchedOff_ReadsNothing()
    {
        var time = new Ticks();
        using MemoryGuard guard = Guard(new Memory { UsedShare = 2 }, time, limit: 1);

        guard.Refusal.ShouldBeNull();
        time.HasTimer.ShouldBeFalse();
    }

    [Fact]
    public void UsedShare_OfThisProcess_IsAShare() => new ProcessMemory().UsedShare.ShouldBeInRange(0.0001, 1);

    private static MemoryGuard Guard(IMemoryReading memory, TimeProvider time, double limit) =>
        new(Options.Create(new RealtimeOpsOptions { Limits = { Memory = limit } }), memory, time, NullLogger<MemoryGuard>.Instance);

    private sealed class Memory : IMemoryReading
    {
        public double UsedShare { get; set; }

        public double? AfterReclaim { get; set; }

        public int Reclaims { get; private set; }

        public void Reclaim()
        {
            Reclaims++;
            UsedShare = AfterReclaim ?? UsedShare;
        }
    }

    /// <summary>Its one timer fires when told to.</summary>
    private sealed class Ticks : TimeProvider
    {
        private Action? _tick;

        public bool HasTimer => _tick is not null;

        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public void Tick() => _tick!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
