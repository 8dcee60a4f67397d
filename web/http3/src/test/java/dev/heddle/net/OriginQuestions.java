package dev.heddle.net;

import dev.heddle.net.internal.HttpsRecords.Question;
import java.util.Optional;

/** The way of tests to the question about HTTPS records, which no user has. */
public final class OriginQuestions {

    private OriginQuestions() {}

    /** The question that a resolver has about an origin. */
    public static Optional<Question> of(Resolver resolver, String host, int port) {
        return resolver.https(host, port);
    }
}
