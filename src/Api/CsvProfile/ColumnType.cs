using System.Text.Json.Serialization;

namespace RealtimeOps.Api.CsvProfile;

[JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))]
internal enum ColumnType
{
    /// <summary>Whole numbers within 64 bits.</summary>
    [JsonStringEnumMemberName("integer")]
    Integer,

    /// <summary>Numbers in decimal or scientific notation with a point, and whole numbers beyond 64 bits.</summary>
    [JsonStringEnumMemberName("number")]
    Number,

    /// <summary>true or false, in any case.</summary>
    [JsonStringEnumMemberName("boolean")]
    Boolean,

    /// <summary>yyyy-MM-dd.</summary>
    [JsonStringEnumMemberName("date")]
    Date,

    /// <summary>ISO 8601 date and time, separated by T or a space; seconds, fraction and offset are optional.</summary>
    [JsonStringEnumMemberName("datetime")]
    DateTime,

    [JsonStringEnumMemberName("text")]
    Text,
}
