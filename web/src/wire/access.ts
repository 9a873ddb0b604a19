// Who is asking. Without sign-in there is nothing to add to a request and nothing to renew.

export interface Access {
  /** Headers that authorise a request, for example `x-chat-authorization`. */
  headers(): Promise<Record<string, string>>;
  /** Called on 401; true if access was renewed and the request is worth one more try. */
  renew(): Promise<boolean>;
}

export const openAccess: Access = {
  headers: async () => ({}),
  renew: async () => false,
};
