package dev.heddle.site;

/** A fault in the documents; the message names the file. */
final class SiteException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SiteException(String message) {
        super(message);
    }
}
