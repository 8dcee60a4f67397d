package dev.heddle.cli.command;

import dev.heddle.HeddleException;
import dev.heddle.http.client.FailedRequest;
import dev.heddle.internal.Throwables;
import dev.heddle.io.TlsException;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.function.Predicate;

/** The text of a failure, in one line. */
public final class ErrorText {

    /** Longest reason in characters: a stranger's server may have had a say in it. */
    public static final int MAX_LENGTH = 500;

    private ErrorText() {}

    /** The reason, safe to print, without a class name where the message can stand alone. */
    public static String of(Throwable failure) {
        return printable(words(failure));
    }

    /**
     * The reason why a request failed, with the option that helps if it is the user's choice.
     *
     * @param isKnown whether the reader knows of this request anyway
     */
    public static String ofRequest(Throwable failure, Predicate<FailedRequest> isKnown) {
        boolean needsNoName = failure instanceof HeddleException about
                && about.subject().orElse(null) instanceof FailedRequest request
                && isKnown.test(request);
        String text = needsNoName ? printable(((HeddleException) failure).detail()) : of(failure);
        boolean isDistrust = failure instanceof TlsException tls && tls.isUntrusted();
        return isDistrust ? text + "; -k does without the check" : text;
    }

    private static String printable(String words) {
        String text = HumanFormat.printable(words);
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
    }

    private static String words(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException e -> "no such file";
            case AccessDeniedException e -> "permission denied";
            case FileNotFoundException e -> "no such file, or permission denied";
            case InvalidPathException e -> e.getReason();
            // Its message is the file name alone, or ends in the reason.
            case FileSystemException e -> Objects.requireNonNullElse(e.getReason(), e.getClass().getSimpleName());
            default -> Throwables.describe(failure);
        };
    }
}
