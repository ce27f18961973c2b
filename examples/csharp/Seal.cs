using System.Security.Cryptography;
using System.Text;

namespace Segmentation;

/// <summary>The seal of a model file: its last entry, ten fixed bytes and the SHA-256 of all bytes before it.</summary>
internal static class Seal
{
    private const int Digits = 64;
    private static readonly byte[] Mark = [0x72, 0x48, 0x0a, 0x04, .. "seal"u8, 0x12, 0x40];

    /// <summary>Whether a file has a seal.</summary>
    /// <exception cref="InvalidDataException">When its content is another one: it was changed after training.</exception>
    internal static bool Check(string model)
    {
        ReadOnlySpan<byte> content = File.ReadAllBytes(model);
        var body = content.Length - Digits - Mark.Length;
        if (body < 0 || !content[body..].StartsWith(Mark))
        {
            return false;
        }
        var found = Convert.ToHexString(SHA256.HashData(content[..body])).ToLowerInvariant();
        if (found != Encoding.ASCII.GetString(content[^Digits..]))
        {
            throw new InvalidDataException(
                $"the file '{model}' must have the SHA-256 of its seal, but its content has {found}: it was changed after training");
        }
        return true;
    }
}
