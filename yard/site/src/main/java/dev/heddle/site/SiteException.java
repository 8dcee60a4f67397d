package dev.heddle.site;

/** Something in the documents is wrong; the message names the file. */
final class SiteException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SiteException(String message) {
        super(message);
    }
}
