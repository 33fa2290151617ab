using System.Reflection;
using System.Reflection.Emit;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests;

/// <summary>The arrows between the features, as the compiled code has them and not as a drawing says.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Operations"] = [],
        ["Feed"] = ["Operations"],
        ["Webhooks"] = ["Operations", "Feed"],
        ["Execution"] = ["Operations", "Feed"],
        ["Storage"] = ["Operations", "Feed", "Webhooks"],
        ["Watch"] = ["Feed", "Operations", "Webhooks"],
        ["Relay"] = ["Operations", "Execution", "Feed", "Watch"],
        ["Hosting"] = [],
    };

    /// <summary>They put the features together, and nothing else does.</summary>
    private static readonly string[] Composition = ["RealtimeOpsBuilder", "RealtimeOpsEndpointRouteBuilderExtensions", "RealtimeOpsHostExtensions", "RealtimeOpsServiceCollectionExtensions"];

    private static readonly string[] Databases = ["Microsoft.Data.Sqlite", "SQLitePCLRaw.core", "Npgsql", "Microsoft.Data.SqlClient", "Dapper"];

    private static readonly Assembly Gateway = typeof(RealtimeOpsBuilder).Assembly;

    [Fact]
    public void Features_ReferToEachOther_OnlyAlongTheArrows() =>
        References()
            .Where(reference => reference.To.Assembly == Gateway && !IsComposition(reference.From))
            .Select(reference => (From: Feature(reference.From), To: Feature(reference.To), Text: $"{reference.From} -> {reference.To}"))
            .Where(reference => reference.To.Length > 0 && reference.From != reference.To && !MayUse(reference.From, reference.To))
            .Select(reference => reference.Text)
            .ShouldBeEmpty();

    [Fact]
    public void Composition_IsUsedByNoFeature() =>
        References().Where(reference => IsComposition(reference.To) && !IsComposition(reference.From)).Select(reference => $"{reference.From} -> {reference.To}").ShouldBeEmpty();

    [Fact]
    public void Databases_AreNamedByTheStorageOnly() =>
        References()
            .Where(reference => Databases.Contains(reference.To.Assembly.GetName().Name) && Feature(reference.From) != "Storage")
            .Select(reference => $"{reference.From} -> {reference.To}")
            .ShouldBeEmpty();

    [Fact]
    public void Features_AllHaveArrows() =>
        Gateway.GetTypes().Where(IsOurs).Select(Feature).Distinct().Except(["", .. Arrows.Keys]).ShouldBeEmpty();

    /// <summary>What a caller installs brings no server with it, and nothing else.</summary>
    [Fact]
    public void Client_RefersTo_TheFrameworkOnly() =>
        typeof(RealtimeOps.Client.RealtimeOpsClient).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    /// <summary>A reader that finds nothing would find no fault either.</summary>
    [Fact]
    public void References_AlongTheArrows_AreFound() =>
        References().Select(reference => (Feature(reference.From), Feature(reference.To)))
            .ShouldSatisfyAllConditions(
                found => found.ShouldContain(("Watch", "Feed")),
                found => found.ShouldContain(("Execution", "Feed")),
                found => found.ShouldContain(("Storage", "Operations")),
                found => found.ShouldContain(("Watch", "Hosting")));

    private static bool MayUse(string from, string to) => from.Length > 0 && ((to == "Hosting") || Arrows[from].Contains(to));

    private static bool IsOurs(Type type) => type.Namespace is { } space && (space == "RealtimeOps" || space.StartsWith("RealtimeOps.", StringComparison.Ordinal));

    private static string Feature(Type type) => type.Assembly == Gateway && IsOurs(type) ? (type.Namespace + "..").Split('.')[1] : "";

    private static bool IsComposition(Type type) => type.Assembly == Gateway && Composition.Contains(Outermost(type).Name);

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<(Type From, Type To)> References() =>
        Gateway.GetTypes().Where(IsOurs).SelectMany(type => TypeReferences.Of(type).Select(other => (Outermost(type), other))).Distinct();
}

/// <summary>Every type that a type names: in its declaration, its members, and the bodies of its methods.</summary>
file static class TypeReferences
{
    private const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static HashSet<Type> Of(Type type)
    {
        var types = new HashSet<Type>();
        Add(types, type.BaseType);
        AddAll(types, type.GetInterfaces());
        AddAll(types, type.GetGenericArguments().Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints()));
        AddAll(types, type.GetCustomAttributesData().Select(attribute => attribute.AttributeType));
        foreach (MemberInfo member in type.GetMembers(All))
        {
            AddMember(types, member);
            AddAll(types, member.GetCustomAttributesData().Select(attribute => attribute.AttributeType));
            if (member is MethodBase method && method.GetMethodBody() is { } body)
            {
                AddAll(types, body.LocalVariables.Select(local => local.LocalType));
                AddAll(types, body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType));
                AddTokens(types, method, body.GetILAsByteArray()!);
            }
        }

        return types;
    }

    private static void AddTokens(HashSet<Type> types, MethodBase method, byte[] il)
    {
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < il.Length;)
        {
            OpCode code = il[at] == 0xFE ? OpCodes[(short)(0xFE00 | il[at + 1])] : OpCodes[il[at]];
            at += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    AddMember(types, method.Module.ResolveMember(BitConverter.ToInt32(il, at), ofType, ofMethod)!);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                default:
                    at += Length(code.OperandType);
                    break;
            }
        }
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static void AddMember(HashSet<Type> types, MemberInfo member)
    {
        Add(types, member as Type ?? member.DeclaringType);
        switch (member)
        {
            case FieldInfo field:
                Add(types, field.FieldType);
                break;
            case MethodBase method:
                AddAll(types, method.GetParameters().Select(parameter => parameter.ParameterType));
                Add(types, (method as MethodInfo)?.ReturnType);
                AddAll(types, method.IsGenericMethod ? method.GetGenericArguments() : []);
                break;
        }
    }

    private static void AddAll(HashSet<Type> types, IEnumerable<Type?> more)
    {
        foreach (Type? type in more)
        {
            Add(types, type);
        }
    }

    private static void Add(HashSet<Type> types, Type? type)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(types, type.GetElementType());
            return;
        }

        if (types.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type) | type.IsConstructedGenericType)
        {
            AddAll(types, type.GetGenericArguments());
        }
    }
}
