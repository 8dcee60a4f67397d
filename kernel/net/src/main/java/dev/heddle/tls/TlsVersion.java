package dev.heddle.tls;

/** The versions of TLS. Older ones are broken (RFC 8996), so there is no way to ask for them. */
public enum TlsVersion {

    /** RFC 5246. */
    TLS_1_2("TLSv1.2"),

    /** RFC 8446. */
    TLS_1_3("TLSv1.3");

    private final String jdkName;

    TlsVersion(String jdkName) {
        this.jdkName = jdkName;
    }

    /** The name in {@link javax.net.ssl.SSLParameters#setProtocols}. */
    String jdkName() {
        return jdkName;
    }

    static TlsVersion of(String jdkName) {
        return jdkName.equals(TLS_1_2.jdkName) ? TLS_1_2 : TLS_1_3;
    }
}
