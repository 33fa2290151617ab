using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace RealtimeOps.Hosting.Settings;

/// <summary>The forms that single values have in a configuration: whether a text has one, and how to say which it should have.</summary>
internal static class SettingForm
{
    /// <summary>Values of this type are one text; others have parts.</summary>
    public static bool IsSingle(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    public static bool Fits(Type type, string text)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value.IsEnum
            ? Enum.TryParse(value, text, ignoreCase: true, out _)
            : (text.Length == 0 && value != type) || TypeDescriptor.GetConverter(value).IsValid(text);
    }

    public static string Describe(Type type, RangeAttribute? range)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        string form = value switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(value).Select(name => name.ToLowerInvariant())),
            _ when value == typeof(bool) => "true or false",
            _ when value == typeof(TimeSpan) => "a time span such as 00:00:05 or 1.00:00:00",
            _ when value == typeof(DateTimeOffset) => "an instant such as 2030-01-01T00:00:00Z",
            _ when value == typeof(Uri) => "an address such as https://ops.example.com",
            _ when value == typeof(double) || value == typeof(decimal) => "a number",
            _ when value.IsPrimitive => "a whole number",
            _ => "a " + value.Name,
        };
        return range is null ? form : $"{form}, from {range.Minimum} to {range.Maximum}";
    }
}
