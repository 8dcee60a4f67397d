package dev.heddle.http.internal.client.chain;

import dev.heddle.http.client.Auth;
import dev.heddle.http.client.AuthChallenge;
import dev.heddle.http.client.AuthTarget;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.call.HostCredentials;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.syntax.ChallengeReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The link that shows a server the credentials for its origin: those of the request, or else those of the client.
 */
record CredentialsFilter(CallFilter inner) implements CallFilter {

    /** A server may ask for credentials, and once more because its nonce is stale. */
    private static final int MAX_CHALLENGES = 2;

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        Auth auth = hop.auth() != null ? hop.auth() : ofClient(hop, call.client());
        return auth == null || hop.headers().contains("Authorization")
                ? inner.send(hop, call)
                : authorized(hop, call, auth);
    }

    private static @Nullable Auth ofClient(RequestHop hop, ClientOptions client) {
        Auth named = client.auths().get(hop.url().origin());
        HostCredentials netrc = client.netrc();
        return named == null && netrc != null ? netrc.authFor(hop) : named;
    }

    private ReplyBody authorized(RequestHop hop, CallContext call, Auth auth) {
        String said = call.deadline().within(Phase.CREDENTIALS, hop, scope -> auth.first(target(hop, null)))
                .orElse(null);
        ReplyBody reply = send(hop, call, said);
        for (int i = 0; i < MAX_CHALLENGES && reply.status() == 401 && hop.body().isRepeatable(); i++) {
            Optional<String> answer = answer(hop, said, reply, call, auth);
            if (answer.isEmpty()) {
                return reply;
            }
            reply.close();
            said = answer.get();
            reply = send(hop, call, said);
        }
        return reply;
    }

    private ReplyBody send(RequestHop hop, CallContext call, @Nullable String said) {
        return inner.send(said == null ? hop : hop.with("Authorization", said), call);
    }

    /** What to say instead of what was refused; the reply stays open unless this fails. */
    private static Optional<String> answer(
            RequestHop hop, @Nullable String refused, ReplyBody reply, CallContext call, Auth auth) {
        boolean asked = false;
        try {
            List<AuthChallenge> challenges = ChallengeReader.read(reply.headers().all("WWW-Authenticate"),
                    AuthChallenge::new);
            Optional<String> answer = call.deadline()
                    .within(Phase.CREDENTIALS, hop, scope -> auth.answer(target(hop, refused), challenges));
            asked = true;
            return answer;
        } finally {
            if (!asked) {
                reply.close();
            }
        }
    }

    private static AuthTarget target(RequestHop hop, @Nullable String refused) {
        return new AuthTarget(hop.method(), hop.url().toUri(), hop.url().target(), refused == null ? "" : refused);
    }
}
