using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace RealtimeOps.Hosting.Settings;

/// <summary>The forms that single values have in a configuration: whether a text has one, and how to say which it should have.</summary>
internal static class SettingForm
{
    /// <summary>Values of this type are one text; others have parts.</summary>
    public static bool IsSingle(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <summary>What the text must be instead; null when it is good.</summary>
    /// <param name="text">What stands in the configuration.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="setting">What holds it, with the annotations that it must keep to.</param>
    public static string? FaultOf(string text, Type type, PropertyInfo? setting) =>
        !Fits(type, text) ? $"must be {Describe(type, setting)}."
        : setting?.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !rule.IsValid(Read(type, text))) switch
        {
            null => null,
            RequiredAttribute => "must not be empty.",
            RegularExpressionAttribute form => $"must match {form.Pattern}.",
            _ => $"must be {Describe(type, setting)}{DaysOf(type, text)}.",
        };

    private static bool Fits(Type type, string text)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value.IsEnum
            ? Enum.TryParse(value, text, ignoreCase: true, out object? named) && Enum.IsDefined(value, named)
            : (text.Length == 0 && value != type) || TypeDescriptor.GetConverter(value).IsValid(text);
    }

    private static object? Read(Type type, string text) => TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);

    private static string Describe(Type type, PropertyInfo? setting)
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
        return setting?.GetCustomAttribute<RangeAttribute>() switch
        {
            null => form,
            { Maximum: >= (double)long.MaxValue } range => string.Create(CultureInfo.InvariantCulture, $"{form}, {range.Minimum} or more"),
            { } range => string.Create(CultureInfo.InvariantCulture, $"{form}, from {range.Minimum} to {range.Maximum}"),
        };
    }

    /// <summary>A number without colons is often meant as seconds.</summary>
    private static string DaysOf(Type type, string text) =>
        (Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan) && int.TryParse(text, CultureInfo.InvariantCulture, out int days)
            ? string.Create(CultureInfo.InvariantCulture, $"; {days} is {days} {(days is 1 ? "day" : "days")}")
            : "";
}
