package segmentation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The seal of a model file: its last entry, ten fixed bytes and the SHA-256 of all bytes before it. */
final class Seal {
    private static final int DIGITS = 64;
    private static final byte[] MARK = {0x72, 0x48, 0x0a, 0x04, 's', 'e', 'a', 'l', 0x12, 0x40};

    private Seal() {}

    /**
     * Whether a file has a seal.
     *
     * @throws IllegalStateException when its content is another one: it was changed after training
     */
    static boolean check(String model) throws IOException {
        byte[] content = Files.readAllBytes(Path.of(model));
        int body = content.length - DIGITS - MARK.length;
        if (body < 0 || !Arrays.equals(content, body, body + MARK.length, MARK, 0, MARK.length)) {
            return false;
        }
        String found = HexFormat.of().formatHex(digest(Arrays.copyOf(content, body)));
        if (!found.equals(new String(content, body + MARK.length, DIGITS, StandardCharsets.ISO_8859_1))) {
            throw new IllegalStateException("the file '" + model + "' must have the SHA-256 of its seal, but its content has "
                    + found + ": it was changed after training");
        }
        return true;
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
