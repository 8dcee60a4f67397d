package dev.heddle.tls.internal;

/**
 * The maker of engines that have keys, trust, and the sessions that can be resumed in common.
 *
 * <p>Threads: any.
 */
public interface TlsEngineSource {

    /** Makes what engines of these terms share, which takes long: on a worker. */
    void prepare(TlsTerms terms) throws UnmappedException;

    /** Makes an engine, which the caller has to free. Its terms were prepared before. */
    TlsEngine engine(TlsTerms terms, TlsPeer peer);
}
