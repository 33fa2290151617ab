namespace RealtimeOps.TestSupport.Promises;

/// <summary>Something to submit, in a way that may be repeated, and how it must end whatever happens in between.</summary>
/// <param name="Number">Tells it from the others.</param>
/// <param name="Input">The input of <c>demo.steps</c>.</param>
/// <param name="Ends">The states that it may end in.</param>
/// <param name="IsPut">By PUT under an id of its own; else by POST with an Idempotency-Key.</param>
/// <param name="IsCalledBack">Whether it has a webhook.</param>
public sealed record Order(int Number, object Input, string[] Ends, bool IsPut, bool IsCalledBack)
{
    /// <summary>The same request each time it is repeated.</summary>
    public Task<Answer> SendAsync(GatewayClient door) => IsPut
        ? door.PutAsync($"/operations/demo.steps/order-{Number}", Input)
        : door.PostAsync("/operations/demo.steps", Input, ("Idempotency-Key", $"\"order-{Number}\""));
}
