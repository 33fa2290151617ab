using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting.Security;

namespace RealtimeOps.Hosting;

/// <summary>Who asks, and what it may do. Operations belong to the <see cref="Owner"/> that submitted them.</summary>
internal sealed class Caller
{
    /// <summary>The owner of what is submitted while no credentials are configured. The others' names have a prefix, so none of them can be this one.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The databases keep no longer one.</summary>
    public const int LongestOwner = 256;

    /// <summary>With no credentials configured everybody is the same caller and may do everything.</summary>
    public static readonly Caller Everybody = new() { Owner = Anonymous, Name = Anonymous, Scopes = Scopes.All };

    /// <summary>Has shown no credential where one is needed.</summary>
    public static readonly Caller Nobody = new() { Owner = "", Name = "nobody", Scopes = Scopes.None };

    /// <summary>What it submits belongs to this.</summary>
    public required string Owner { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    public required Scopes Scopes { get; init; }

    /// <summary>The operation types that there are for it; null for all.</summary>
    public FrozenSet<string>? Types { get; init; }

    /// <summary>Null where there is none to end.</summary>
    public Credential? Credential { get; init; }

    /// <summary>Set for those who came by a signed link: the one operation that they may look at.</summary>
    public LinkedOperation? Link { get; init; }

    /// <summary>Whose things it sees; null for everybody's. On an open server all is <see cref="Anonymous"/>'s, and asking so keeps to the index.</summary>
    public string? SeenOwner => (Scopes & Scopes.ReadAll) is not Scopes.None && this != Everybody ? null : Owner;

    /// <summary>Whose things it may change; null for everybody's.</summary>
    public string? ChangedOwner => (Scopes & Scopes.ManageAll) is not Scopes.None && this != Everybody ? null : Owner;

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Nobody;

    /// <summary>Of one of these scopes.</summary>
    public bool HasAny(Scopes scopes) => (Scopes & scopes) is not Scopes.None;

    public bool MayUse(string type) => Types is null || Types.Contains(type);

    public bool Sees(string owner) => owner == Owner || SeenOwner is null;

    public bool MayChange(string owner) => owner == Owner || ChangedOwner is null;

    /// <summary>The credential has expired or was revoked since.</summary>
    public bool IsOver(DateTimeOffset now) => Credential is { } credential && credential.IsOver(now);

    /// <summary>What separates callers for rates and pacing: those without a name of their own count by address.</summary>
    public object PacingKey(HttpContext context) => Credential is null || Link is not null ? ClientNetwork.Of(context.Connection.RemoteIpAddress) : Owner;
}

/// <summary>The operation that a signed link is for. An id may be used again when it is free; the link is not for the one that comes after.</summary>
/// <param name="Type">The operation type.</param>
/// <param name="Id">The id within the type.</param>
/// <param name="CreatedAt">When it was submitted.</param>
internal sealed record LinkedOperation(string Type, string Id, DateTimeOffset CreatedAt);
