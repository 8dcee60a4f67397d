package dev.heddle.quic.internal;

/**
 * The codes by which an application says why it ends something (RFC 9000, section 20.2).
 *
 * @param closed a connection in order
 * @param unread a stream of the peer whose rest nobody wants
 * @param givenUp a stream that is not whole
 * @param refused a stream of the peer that nobody has accepted
 * @param excessive a connection whose peer begins more than can be served
 */
public record ApplicationCodes(long closed, long unread, long givenUp, long refused, long excessive) {

    /** Of one that has none. */
    public static final ApplicationCodes NONE = new ApplicationCodes(0, 0, 0, 0, 0);
}
