namespace RealtimeOps.Storage.Sql;

/// <summary>Lets through the messages of some operation types, and those of no operation.</summary>
internal static class MessageTypes
{
    /// <summary>Ranges, since LIKE has other wildcards in each database; the order of the column is binary in all of them. '0' follows '/'.</summary>
    /// <param name="types">Null for all.</param>
    /// <param name="parameter">The number of the first parameter that is free.</param>
    public static string Condition(IReadOnlySet<string>? types, int parameter) =>
        types is null ? "" : $" AND (operation IS NULL{string.Concat(types.Select((_, index) => $" OR (operation >= ?{parameter + (2 * index)} AND operation < ?{parameter + (2 * index) + 1})"))})";

    /// <summary>What the parameters of the condition stand for.</summary>
    public static IEnumerable<string> Values(IReadOnlySet<string>? types) => types is null ? [] : types.SelectMany(type => new[] { type + "/", type + "0" });

    public static Statement BindTypes(this Statement statement, IReadOnlySet<string>? types)
    {
        foreach (string value in Values(types))
        {
            statement.Bind(value);
        }

        return statement;
    }
}
