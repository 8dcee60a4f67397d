package dev.heddle.http;

import dev.heddle.HeddleException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a document that is no JSON, or not the value that was asked for. Tells the place, maybe the name of the
 * field, and no value that stands there: the message is fit for the peer.
 */
public final class JsonException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final String text;
    private final transient List<JsonFault> faults;

    /**
     * @param message what is wrong and where, without a value of the document; names out of it cut and escaped
     * @param cause for the log; may quote the document
     */
    public JsonException(String message, @Nullable Throwable cause) {
        this(message, List.of(), cause);
    }

    /**
     * The same, with the places for programs.
     *
     * @param faults those that are known, which need not be all
     */
    public JsonException(String message, List<JsonFault> faults, @Nullable Throwable cause) {
        super(message, cause);
        this.text = message;
        this.faults = List.copyOf(faults);
    }

    /** What the peer is told. */
    public String text() {
        return text;
    }

    /** The places that are wrong, as far as they are known; mostly the first alone. */
    public List<JsonFault> faults() {
        return faults;
    }
}
