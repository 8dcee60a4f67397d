package dev.heddle.http.server;

/**
 * The statistics of a server so far, on all its loops together; see {@link HttpServer#statistics}. While it serves on
 * other loops the counts may be a moment apart from each other.
 */
public sealed interface ServerStatistics permits RunningServer.Counts {

    /** Connections that are open now. */
    long connections();

    /** Connections since the start. */
    long accepted();

    /** Requests whose response is not sent yet. */
    long inFlight();

    /** Requests since the start, those that could not be read included. */
    long requests();

    /** Responses of status 2xx. */
    long successes();

    /** Responses of status 3xx. */
    long redirections();

    /** Responses of status 4xx. */
    long clientErrors();

    /** Responses of status 5xx. */
    long serverErrors();

    /** Requests that ended without a response: the peer had gone, or the handler was cancelled. */
    long unanswered();
}
