using System.Security.Cryptography;

namespace Csrun.Images.Tests;

/// <summary>Both ways to a digest against the framework's.</summary>
public sealed class Sha256Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Digests_of_all_lengths_and_pieces_are_right(bool managedOnly)
    {
        byte[] data = new byte[300];
        new Random(5).NextBytes(data);
        for (int length = 0; length <= data.Length; length++)
        {
            using Linux.Crypto.Sha256 digest = new(managedOnly);
            for (int at = 0; at < length;)
            {
                int piece = Math.Min((length % 71) + 1, length - at);
                digest.Update(data.AsSpan(at, piece));
                at += piece;
            }

            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data.AsSpan(0, length))), digest.Finish());
        }
    }
}
