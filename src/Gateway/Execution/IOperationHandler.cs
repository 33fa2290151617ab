namespace RealtimeOps.Execution;

/// <summary>
/// Runs operations of one type whose input is JSON. One instance per attempt, made by the container, in a scope of its own.
/// It may run more than once for the same operation (a process can die), so its effects should bear that.
/// </summary>
/// <typeparam name="TInput">The input; its JSON Schema, with data annotations, is what submissions are checked against.</typeparam>
/// <typeparam name="TResult">The result, stored as JSON; null for none.</typeparam>
public interface IOperationHandler<in TInput, TResult>
{
    /// <summary>Does the work.</summary>
    /// <param name="input">The input, checked.</param>
    /// <param name="context">Where to report progress, and what is known of the operation.</param>
    /// <param name="cancellationToken">Fires when somebody cancels, the time limit is over, or the server shuts down. Stop soon, by <see cref="OperationCanceledException"/>.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OperationFailedException">The operation failed with a code and a text for its users. Any other exception is a failure of which users learn no details; it is retried.</exception>
    Task<TResult> HandleAsync(TInput input, OperationContext context, CancellationToken cancellationToken);
}

/// <summary>As <see cref="IOperationHandler{TInput,TResult}"/>, for inputs of any media type and any size, read as a stream.</summary>
public interface IStreamOperationHandler
{
    /// <summary>Does the work.</summary>
    /// <param name="input">The input's bytes; disposed of by the caller.</param>
    /// <param name="context">Where to report progress, and what is known of the operation.</param>
    /// <param name="cancellationToken">Fires when somebody cancels, the time limit is over, or the server shuts down.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OperationFailedException">The operation failed with a code and a text for its users.</exception>
    Task<OperationResult> HandleAsync(OperationInput input, OperationContext context, CancellationToken cancellationToken);
}
