namespace RealtimeOps.Hosting.Security;

/// <summary>What a credential allows.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>Submit; and of one's own operations cancel, run again, and take the messages of their mailboxes.</summary>
    Submit = 1,

    /// <summary>See what is one's own.</summary>
    Read = 2,

    /// <summary>Change what is one's own.</summary>
    Manage = 4,

    /// <summary>See what is anybody's.</summary>
    ReadAll = 8,

    /// <summary>Change what is anybody's.</summary>
    ManageAll = 16,

    All = Submit | Read | Manage | ReadAll | ManageAll,
}

/// <summary>The scopes' names in settings, tokens and answers.</summary>
internal static class ScopeNames
{
    private static readonly (string Name, Scopes Scopes)[] Table =
    [
        ("submit", Scopes.Submit),
        ("read", Scopes.Read),
        ("manage", Scopes.Manage),
        ("admin.read", Scopes.Read | Scopes.ReadAll),
        ("admin", Scopes.All),
    ];

    public static string Known { get; } = string.Join(", ", Table.Select(row => row.Name));

    /// <summary>None for a name that is not known.</summary>
    public static Scopes Parse(string name) => Array.Find(Table, row => row.Name == name).Scopes;

    public static Scopes ParseAll(IEnumerable<string> names) => names.Aggregate(Scopes.None, static (all, name) => all | Parse(name));

    /// <summary>Everything that is allowed, one name each.</summary>
    public static IEnumerable<string> Of(Scopes scopes) => Table.Where(row => (row.Scopes & scopes) == row.Scopes).Select(row => row.Name);

    /// <summary>The least that would have done.</summary>
    public static IEnumerable<string> Least(Scopes anyOf) => anyOf is Scopes.ReadAll
        ? ["admin.read"]
        : Table.Where(row => row.Scopes is Scopes.Submit or Scopes.Read or Scopes.Manage && (row.Scopes & anyOf) is not Scopes.None).Select(row => row.Name);
}
