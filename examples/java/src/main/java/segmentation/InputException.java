package segmentation;

/** The caller's values cannot be answered; the message says what must be true, what was seen and what to do. */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }
}
