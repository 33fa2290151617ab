using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace RealtimeOps.Api.DemoSteps;

/// <summary>What <c>demo.steps</c> is to do.</summary>
internal sealed record DemoStepsInput
{
    [Description("How many steps.")]
    [Range(0, int.MaxValue)]
    public required int Steps { get; init; }

    [Description("Milliseconds that a step takes; may be a fraction.")]
    [Range(0.0, 86_400_000.0)]
    public required double StepMs { get; init; }

    [Description("The step at which it fails for good.")]
    [Range(1, int.MaxValue)]
    public int? FailAt { get; init; }

    [Description("The error code of that failure.")]
    public int? FailStatus { get; init; }

    [Description("Only the first so many attempts fail, and are retried.")]
    [Range(0, int.MaxValue)]
    public int? FailTimes { get; init; }

    [Description("The message at the end.")]
    [MaxLength(1000)]
    public string? Message { get; init; }

    [Description("The result: any JSON value.")]
    public JsonElement? Result { get; init; }

    [Description("Put the step and the clock into the activity, so that a load client can tell how old a snapshot is.")]
    public bool? Stamp { get; init; }
}
