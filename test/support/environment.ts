// The SDK announces the end of Node 20 in every process; `engines` says what is supported.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
