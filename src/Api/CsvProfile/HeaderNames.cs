using System.Globalization;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>Makes names of the header's fields: an empty one becomes column3, one seen before name_2.</summary>
internal sealed class HeaderNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> lastSuffix = new(StringComparer.Ordinal);
    private int position;

    public string Add(ReadOnlySpan<byte> field)
    {
        position++;
        string wanted = FieldText.Decode(field).Trim();
        if (wanted.Length == 0)
        {
            wanted = string.Create(CultureInfo.InvariantCulture, $"column{position}");
        }

        string name = wanted;
        int suffix = lastSuffix.GetValueOrDefault(wanted, 1);
        while (!taken.Add(name))
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{++suffix}");
        }

        lastSuffix[wanted] = suffix;
        return name;
    }
}
