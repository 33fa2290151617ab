using System.Globalization;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>Makes names of the header's fields: an empty one becomes column3, one seen before name_2.</summary>
internal sealed class HeaderNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
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
        for (int suffix = 2; !taken.Add(name); suffix++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{suffix}");
        }

        return name;
    }
}
