namespace RealtimeOps.Hosting.Settings;

/// <summary>What is wrong with a key of the configuration. Its value is never repeated: it might be a secret in the wrong place.</summary>
/// <param name="Key">The whole key, such as <c>Limits:JsonBody</c>.</param>
/// <param name="Text">What is wrong, and what would be right.</param>
/// <param name="IsUnusable">The value is not one that the setting can have.</param>
internal readonly record struct SettingFault(string Key, string Text, bool IsUnusable = false);
