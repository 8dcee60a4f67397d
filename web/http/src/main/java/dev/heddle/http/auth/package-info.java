/**
 * JSON Web Tokens (RFC 7519) and the keys of OpenID providers: who a request comes from, as somebody else has signed
 * it; and tokens for a program's own requests (OAuth 2.0, RFC 6749).
 *
 * <p>Read first: {@link dev.heddle.http.auth.JwtVerifier}, {@link dev.heddle.http.auth.JwtKeys}, {@link
 * dev.heddle.http.auth.JwtAuthentication}; for the token of a program itself {@link
 * dev.heddle.http.auth.ClientCredentials}. Passwords and tokens of one's own are {@link
 * dev.heddle.http.server.Authentication}.
 *
 * <p>Threads: any; all is immutable or shared by the loops of a server. Cancellation: a cancelled check has decided
 * nothing; a fetch of keys goes on for the others.
 *
 * <p>Units: times are {@link java.time.Duration} and {@link java.time.Instant}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.auth;

import org.jspecify.annotations.NullMarked;
