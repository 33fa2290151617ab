using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeOps.Execution;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps;

/// <summary>Adds operation types to the gateway.</summary>
public sealed class RealtimeOpsBuilder
{
    internal RealtimeOpsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The program's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds an operation type. Its rules can be configured under <c>Operations:TYPE</c>.</summary>
    /// <param name="type">The type's name in URIs, <c>[a-z][a-z0-9.-]{0,63}</c>.</param>
    /// <param name="description">What it does, for the people who read <c>/operation-types</c>.</param>
    /// <param name="configure">The type's rules, where they differ from the defaults; configuration overrides them.</param>
    /// <param name="mediaTypes">What a <see cref="IStreamOperationHandler"/> accepts; JSON handlers accept <c>application/json</c>.</param>
    /// <typeparam name="THandler">Implements <see cref="IOperationHandler{TInput,TResult}"/> or <see cref="IStreamOperationHandler"/>.</typeparam>
    /// <exception cref="ArgumentException">The name is malformed, or the handler's kind and the media types do not fit.</exception>
    public RealtimeOpsBuilder AddOperation<THandler>(string type, string description, Action<OperationTypeOptions>? configure = null, params string[] mediaTypes)
        where THandler : class
    {
        if (!OperationKey.IsType(type))
        {
            throw new ArgumentException($"'{type}' is not a type name: a lower-case letter, then up to 63 lower-case letters, digits, '.' or '-'.", nameof(type));
        }

        Services.TryAddTransient<THandler>();
        Services.AddSingleton(Register(typeof(THandler), type, description, mediaTypes));
        Services.AddOptions<OperationTypeOptions>(type)
            .Configure(rules => configure?.Invoke(rules))
            .ValidateOnStart();
        return this;
    }

    private static OperationRegistration Register(Type handler, string type, string description, string[] mediaTypes)
    {
        Type[] typed = handler.GetInterfaces().Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IOperationHandler<,>)).ToArray();
        bool streamed = handler.IsAssignableTo(typeof(IStreamOperationHandler));
        if (typed.Length + (streamed ? 1 : 0) != 1)
        {
            throw new ArgumentException($"{handler.Name} must implement exactly one of IOperationHandler<TInput, TResult> and IStreamOperationHandler.");
        }

        if (streamed != mediaTypes.Length > 0)
        {
            throw new ArgumentException(streamed ? $"Name the media types that {handler.Name} accepts." : $"{handler.Name} takes JSON; media types are for IStreamOperationHandler.", nameof(mediaTypes));
        }

        if (streamed)
        {
            return new OperationRegistration(type, description, mediaTypes, Schema: null, Make(typeof(StreamInvoker<>).MakeGenericType(handler)));
        }

        Type[] arguments = typed[0].GetGenericArguments();
        return new OperationRegistration(
            type, description, ["application/json"], InputSchema.For(arguments[0], InputJson.Options), Make(typeof(JsonInvoker<,,>).MakeGenericType(handler, arguments[0], arguments[1])));
    }

    private static OperationInvoker Make(Type invoker) => (OperationInvoker)Activator.CreateInstance(invoker)!;
}
