using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace RealtimeOps.Hosting.Settings;

/// <summary>Compares a configuration with the options that it is bound to. The options' types are all it knows, so no list of keys can be out of date.</summary>
internal static class SettingsReading
{
    /// <summary>Every unknown key and every value that is of the wrong form or out of range. Keys at the root of the configuration belong to others too, so there only known ones are looked at.</summary>
    public static IEnumerable<SettingFault> Faults(IConfiguration configuration, string path, Type type) =>
        path.Length == 0 ? InParts(configuration, type, path) : InValue(configuration.GetSection(path), type, setting: null);

    /// <summary>Binds what can be used, so that a value that cannot does not keep the other faults from being found.</summary>
    public static void Bind(IConfiguration configuration, string path, object options)
    {
        HashSet<string> unusable = [.. Faults(configuration, path, options.GetType()).Where(fault => fault.IsUnusable).Select(fault => fault.Key)];
        IConfiguration usable = unusable.Count == 0
            ? configuration
            : new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable().Where(pair => !unusable.Contains(pair.Key))).Build();
        (path.Length == 0 ? usable : usable.GetSection(path)).Bind(options);
    }

    private static IEnumerable<SettingFault> InValue(IConfigurationSection section, Type type, PropertyInfo? setting)
    {
        IConfigurationSection[] parts = [.. section.GetChildren()];
        if (type == typeof(IConfigurationSection))
        {
            return [];
        }

        if (SettingForm.IsSingle(type))
        {
            return parts.Length > 0 ? [new SettingFault(section.Path, $"{section.Path} is a single value, so {parts[0].Path} is unknown.")]
                : section.Value is { } text && SettingForm.FaultOf(text, type, setting) is { } fault ? [new SettingFault(section.Path, $"{section.Path} {fault}", IsUnusable: true)]
                : [];
        }

        // A variable of the environment may happen to have a section's name; below that, a value is meant for us.
        bool isOurs = !string.IsNullOrEmpty(section.Value) && section.Path.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
        if (ValueOf(type) is { } value)
        {
            return parts.SelectMany(part => InValue(part, value, setting: null));
        }

        if (ElementOf(type) is { } element)
        {
            return isOurs
                ? [new SettingFault(section.Path, $"{section.Path} is a list: write {section.Path}:0, {section.Path}:1, ….")]
                : parts.SelectMany(part => InValue(part, element, setting: null));
        }

        return isOurs
            ? [new SettingFault(section.Path, $"{section.Path} has parts: {Names(type)}.")]
            : InParts(section, type, section.Path);
    }

    private static IEnumerable<SettingFault> InParts(IConfiguration section, Type type, string path)
    {
        Dictionary<string, PropertyInfo> known = Settings(type).ToDictionary(setting => setting.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection part in section.GetChildren())
        {
            if (known.TryGetValue(part.Key, out PropertyInfo? setting))
            {
                foreach (SettingFault fault in InValue(part, setting.PropertyType, setting))
                {
                    yield return fault;
                }
            }
            else if (path.Length > 0)
            {
                yield return Unknown(part.Path, path, known.Keys);
            }
        }
    }

    /// <summary>A key that means nothing, with the one that may have been meant.</summary>
    public static SettingFault Unknown(string key, string path, IReadOnlyCollection<string> known) => new(
        key,
        Spelling.Nearest(key[(path.Length + 1)..], known) is { } meant
            ? $"{key} is unknown; did you mean {path}:{meant}?"
            : $"{key} is unknown; {path} has {string.Join(", ", known)}.");

    private static string Names(Type type) => string.Join(", ", Settings(type).Select(setting => setting.Name));

    /// <summary>What the binder sets: what is public and can be set, and what has parts of its own.</summary>
    private static IEnumerable<PropertyInfo> Settings(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && (property.SetMethod is { IsPublic: true } || !SettingForm.IsSingle(property.PropertyType)));

    /// <summary>What the values of a dictionary are; null when it is none.</summary>
    private static Type? ValueOf(Type type) => (Generic(type, typeof(IDictionary<,>)) ?? Generic(type, typeof(IReadOnlyDictionary<,>)))?.GetGenericArguments()[1];

    /// <summary>What the elements of a list are; null when it is none.</summary>
    private static Type? ElementOf(Type type) => Generic(type, typeof(IEnumerable<>))?.GetGenericArguments()[0];

    private static Type? Generic(Type type, Type definition) =>
        type.GetInterfaces().Prepend(type).FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == definition);
}
