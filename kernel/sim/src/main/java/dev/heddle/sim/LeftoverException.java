package dev.heddle.sim;

import dev.heddle.HeddleException;
import java.util.List;

/** The failure of a simulation that ended well, but left something open behind: the message says what. */
public final class LeftoverException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Most things that the message names. */
    private static final int MAX = 20;

    LeftoverException(List<String> leftovers) {
        super(message(leftovers));
    }

    private static String message(List<String> leftovers) {
        var text = new StringBuilder("left open at the end of the simulation:");
        leftovers.stream().limit(MAX).forEach(each -> text.append("\n  ").append(each));
        if (leftovers.size() > MAX) {
            text.append("\n  ... and ").append(leftovers.size() - MAX).append(" more");
        }
        return text.toString();
    }
}
